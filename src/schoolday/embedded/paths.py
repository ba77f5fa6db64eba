"""Where the embedded default keeps things below SCHOOLDAY_HOME."""

from dataclasses import dataclass
from pathlib import Path

from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings

APP_DIST = Path(__file__).parents[3] / "app" / "dist"
_SOCKET_PATH_AT_MOST = 100  # Linux takes 107 bytes in a socket's address


@dataclass(frozen=True)
class Paths:
    """The folders and files of one installation."""

    home: Path

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def demo(self) -> Path:
        return self.home / "demo"

    @property
    def supervisor_socket(self) -> Path:
        return self.run / "supervisor.sock"

    def live_state(self, node: str) -> Path:
        """What the live server `node` said last."""
        return self.run / f"live-{node}.json"

    def make(self) -> None:
        """
        Make the folders, for this user only.

        :raises BadSettings: if SCHOOLDAY_HOME lies too deep for a socket, or is not ours to write
        """
        if len(bytes(self.supervisor_socket)) > _SOCKET_PATH_AT_MOST:
            raise BadSettings(
                f"SCHOOLDAY_HOME ({self.home}) is too long a path for sockets: choose one of at most 80 letters."
            )
        for folder in (self.home, self.run, self.log):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise BadSettings(f"SCHOOLDAY_HOME: {folder} cannot be made: {error.strerror}.") from error


def paths_of(settings: Settings) -> Paths:
    return Paths(settings.home)
