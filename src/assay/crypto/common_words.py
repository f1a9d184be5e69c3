"""Words that people make keys of, and what slow functions make of the first of them. Plain data."""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMON_WORDS = _listed("""
password passw0rd p@ssw0rd p@ssword pass passphrase passcode secret s3cr3t secrets supersecret
topsecret mysecret mysecretkey secretkey secretpassword mypassword mykey mytoken mypass key keys
privatekey masterkey master masterpassword encryption encryptionkey encrypt crypto apikey token
accesstoken jwt jwtsecret session sessionsecret cookie cookiesecret salt pepper test tests testing
tester testkey testpassword demo example sample default changeme changeit changethis change
replaceme placeholder dummy foobar foo bar baz hello helloworld world admin administrator
adminadmin root toor user username guest login letmein welcome qwerty qwertyuiop qwerty123 asdf
asdfgh asdfghjkl zxcvbn zxcvbnm 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx q1w2e3r4 abc abcd abcdef
abc123 abcd1234 a1b2c3 a1b2c3d4 123 1234 12345 123456 1234567 12345678 123456789 1234567890
0123456789 0123456789abcdef 123123 111111 000000 112233 121212 123321 654321 666666 696969 777777
888888 987654321 iloveyou monkey dragon football baseball basketball soccer superman batman
spiderman starwars pokemon naruto princess sunshine shadow michael jordan jennifer jessica ashley
daniel charlie thomas robert andrew matthew hunter hunter2 trustno1 freedom whatever ninja mustang
access flower cheese computer internet samsung google facebook liverpool arsenal chelsea jesus
lovely angel killer pepper ginger summer winter spring autumn monday friday sunday january
december qazwsx donald maggie buster hockey george harley ranger corvette matrix mercedes merlin
phoenix diamond yellow purple orange banana cookie chocolate company acme development developer
production prod staging dev local localhost server database postgres postgresql mysql mongodb
redis oracle docker node nodejs express django flask laravel rails java spring python javascript
supabase nextjs aes aes256 sha256 md5 swordfish correcthorsebatterystaple keyboardcat shhhhh
thisisasecret thisismysecret verysecret ilovejs nairobi kenya safaricom mpesa
""")
"""In small letters; `guessing` tries capitals and what people append."""

PHRASES = (
    "correct horse battery staple",
    "keyboard cat",
    "my secret",
    "my secret key",
    "my super secret key",
    "super secret",
    "super secret key",
    "secret key",
    "this is a secret",
    "this is a secret key",
    "this is my secret",
    "this is my secret key",
    "top secret",
    "hello world",
    "change me",
    "your-secret-key",
    "your-256-bit-secret",
    "my-secret-key",
    "my_secret_key",
    "super-secret",
    "secret_key",
    "secret-key",
    "secret_key_base",
    "a secret key",
    "the secret",
)

STRETCHED_WORDS = _listed("""
password secret mysecret changeme test admin key mypassword supersecret 123456 example hello
""")
"""Those of which `STRETCHED` knows what slow functions make."""
