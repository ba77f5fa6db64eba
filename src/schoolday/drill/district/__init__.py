"""An invented district of any size, as the files that a real one would send. No person in it exists."""

from schoolday.drill.district.bells import BellFiles, DistrictOutOfYear, write_bells
from schoolday.drill.district.write import DistrictFiles, write_district

__all__ = ["BellFiles", "DistrictFiles", "DistrictOutOfYear", "write_bells", "write_district"]
