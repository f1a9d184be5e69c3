"""os.environ['IN_A_DOCSTRING']"""
import os
import os as system
from os import environ as surroundings, getenv as fetch
from environs import Env
from decouple import config
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

env = Env()
# os.environ["IN_A_COMMENT"]
a = os.environ["SUBSCRIPT"]  # reads: SUBSCRIPT!
os.environ["WRITTEN"] = "1"
del os.environ["GONE"]
b = os.environ.get("GOT", "fallback")  # reads: GOT=fallback
c = os.environ.get("BARE")  # reads: BARE
d = os.getenv("COMPUTED", make())  # reads: COMPUTED?
e = fetch("ALIASED", 5)  # reads: ALIASED=5
f = surroundings["ALIASED_TOO"]  # reads: ALIASED_TOO!
g = system.getenv("BY_OTHER_NAME")  # reads: BY_OTHER_NAME
h = "ASKED" in os.environ  # reads: ASKED?
i = f"{os.environ['IN_AN_F_STRING']}"  # reads: IN_AN_F_STRING!
j = env("PLAIN")  # reads: PLAIN!
k = env.int("COUNT", default=2)  # reads: COUNT=2
m = env.bool("FLAG", False)  # reads: FLAG=false
n = config("DECOUPLED", default="x", cast=int)  # reads: DECOUPLED=x
env.read_env(".env")
other.get("NOT_OURS")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    port: int = 8000  # reads: APP_PORT=8000
    key: str  # reads: APP_KEY!
    named: str = Field(..., alias="NAMED")  # reads: NAMED!
    made: list = Field(default_factory=list)  # reads: APP_MADE?
    _private: str = ""


class Old(BaseSettings):
    token: str | None = None  # reads: TOKEN?

    class Config:
        env_prefix = ""
