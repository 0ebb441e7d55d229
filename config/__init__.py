"""The only reader of configuration files and the environment; hands frozen values down."""

from config.settings import ConfigError, Settings, load, write_defaults

__all__ = ["ConfigError", "Settings", "load", "write_defaults"]
