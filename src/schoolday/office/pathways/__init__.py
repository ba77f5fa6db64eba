"""Where: live or an alternate, and the signed day plan that says so."""
