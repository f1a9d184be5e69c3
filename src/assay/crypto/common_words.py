"""Words that people make keys of, and how the keys begin that slow functions make of some of them.

scrypt as Node's `scryptSync` does it, and PBKDF2 with SHA-1, SHA-256 and SHA-512 in 1, 1000, 2048,
4096, 10000 and 100000 rounds; the salt is `salt`, as in every tutorial, or empty.
"""

from __future__ import annotations

import base64


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


_STARTS = """
AR754MIvPIYBiIrCU/VMHQHKJB+l0kPFA36UuqlQbFsDlKLt4zLJoQOWebO9GYlNA7SgH7i0U1kEIL7yn2XE8QWrzp5LCsXgBf+u
vMpBdwoHDsgl4fFDrQeb4aqy2uuUCJx/CYwi8DcItaBO71K6Fgi7D4Kq8JEXCbTLd6OEkHcLojb0RJapLgwAWQ8vi3vVDGDID5Yf
DnEMiOBU8oXx+QzqPf+kcfqnDP93T3P/mvgNvNHhErnXYA4kvFpUiyNuDl2jZtmgWawObsPV1zEeDQ+Tf6utXB1/D7YSExISZE4P
8QCz2nUlKBEqVvQTGbhyEdwdPaUjsHgSD7bP/PizLBLxmaBnUVV6E7g7t8NNl54UHgbYwef+rhVc1r+DzYLPFpTlJmNFf+EWpNoO
kdqdExbDNAQgqo5SFtnoabX/CEoXHlQ8K0FCVxeni9YstkxAF9q422QIQSYYGL8vhBS1uRg4FN0vOyCzGG7odRth5nsZGQe6mkCN
KBlHSg2cvqlHGYOadBYQ/Q4aNzkQ5lDSNBqVLHFjZj4+G21FzfKTPkUbet87DmjoAhwTpNmm9Wz7HGu70xRCcUQcvU6SvlvACB61
HBDQbyLmHv01KBSWN/wfFSYisg8r2x/4raE1i5+nIHeiLcXSLr4glmPZ1GZGrCDBlRTkCB9yIOWuNOBduW0g7jkIeFnKcyD2rtCh
JSo/IQYS1Y/yv0gikBar69EiqCLL3yul6SZbI2uzfR1PyNAjjdzbmsjfrSRpJvOk81o1JHfDKDacPOAlGSPafC0IDCaTloHRmZWi
J5TZeK+Xu1Un087rRBQpRygaF+jWNHZWKLDiNaLRC4EoztjcfOR3ASlGK2+E8i4qKlw+q5vwq+orEsPe0rZWrysoqQClDGYUK23p
OTsc2RssE8t600aHSCxZyz9A8smeLU3ws7MJsT8uZbvTNuM9GS8rjUadEnFBMEVPYvMEPpAxCjhHwLdsqjEfNzHJpLA9MikeoHXl
ZbkyZtjn+37QbzNICQv4O9y0NPNjyfAI59A2f0U2Z/qYIDdF5ILG4K3jN66ge6KZv3Q3sVVZu+AFtTgUhCNQl5o2OE5kpGoGokc4
pE044M10NDjfQoswkwjkOfPTDVlNOKI6H2kRQ5f1hDpXYlF2YN3/OtGMtf6PBLE67MhNs/omszy4InTnMIAuPPaW92YRvko9EEjZ
CHWxHj2UXGLLTFCrPj8k+0tFrew+6HFxD+p9OD9v9HT1IpdZP4geAuE2yX8/oJQhHAzy7T+yDdYrPoEJQfUN5pUe0ZNDyeQLxN1x
YUPvUoB+VnbVRDSzmFu7FdpF1D1pUZ+TckXbVzDwZQB3RiBcalwFMnRGR8M6w3Q67Ud9IKf5JKWdSQNCDT6PKIJKPuvNw1bTQUpi
IX88XceKSwB5AbdlSJpL7uqBk0FM9E17seh9cqe7TZoD5b+dY3hO/aznhVQjt1AUtiExKyRnUOINMcvtt69RS6gm9QukUlGEOmn9
tzZNUoSjsVTZlIdSzu5P2+IulVRJKp+g7DtZVGh48lDDuvhUwD1b3LJqAFV2Yc1Epj46Vjv1lRs40QVXJ+W8JECkmlhN3xgJmovB
WLyULUtcR8tZE5AwShIXplmVWdldfzhyWjMcsQZAJO5ab1TEpfZiPFtOfHHYAX5HXFm433opPf1cjAuaQEUOxVyMwuFVmkzvXNcu
j0ZftDFc5ndjGUQrN11gNFAg6XW4XciD6N68jE9eApOpt/kGLF7AK5GktZxvXs+SLG/LjBZfRGglhC9wKGCaYrW2h7plYLy0Tmfl
RP9hSoijdLn1QWL5Pg/QhN3MYywoEuRtRgRjtRp6AC1+ImO+gNCwluvFY+f0g8XSYX1kGgEbeDrAmGRmOwablJ0QZGbYGNgVay9k
bi3xIs69/mStdzviLhmvZaFJ/dXIjidmY9490/Exx2a8p/S/+uiGZttASamv3lRm7KGOucYRVGcphs0qgWWrZ6nU4+VSd6pnyrdf
3qstcmkYTdxsFdULaUURWyr+hvpp6H7n6NY6lGq9U1NbqVRXa1YHXfWwpA5sZcpFRVATXWxzdDzg3dHyboi+i61+rp1vmBZXI04m
Om/fF4mu1wZDcALP2MGjSytwDGtgh7uO9HA0U8w6LbqNcEIjR+Uutkxw7afiOJSQj3FeCCFlHHWMcfHp0OLR/dhyQ7Zlu30LIXJi
mkGwduWIcvR6X2vLG5ZzChB87KuD2nPeijeUSPXJdFcxr0SE8yN0vg06iItnW3UF1qHoY4B7dausR45pt6Z3P+bffl2ujHea5TQ9
expYefyFhOu3Ubh6DmmfTDXfNHphto8ecNNuendtB7mMLKR6ggqXjmLeznsVTJnW0/mnfRpYhnW3/ih9QPsIjCbX+H3UPG896stE
fs6pADCCbVN/HmGlyacC2X9XhlR12pkSf1qIuAwDehaANsXmEo/7TIBpS45rd+rPgJ0hcdx8aEKA3gCOWDbSWIFO7J7S8i6Gga4v
F8jqITODFisPWWyDg4NsiWMCusBng4kOFFeW7TOEiiwU6qJtloUl3QwZg3Zlhn9wzxreAs+GjHOdMtDzOYc5ue/+WeFVh1TDLGSw
9SSHXyd0wB9NqYgi+9lz3v8miPTvY+4X84WJ7r2viGhR8oqmeJ4DOSqKituQDSuWjeOLN2gLeQP1nota95q6CK0WjGGGsWMama+M
1KWRWg3Uy44Kn6EUSF2RjoqEkQuV49SPGkjT09eQs4+BDvK759x/kDHrmc4ub9iRbLIXzcf+p5G+I1ZPCfyFkeqKhc1JhxuSH8rl
oP5+gJJwiBgox2asknnG8sO6PcCS705InCaajZNo2J+B9Kxik5NO/P09k0OTqGvTPJhEOZTF8tyWFuw5lON7iaUpinqU/LDJn2YX
o5W1J7SJ2y/llglU+YRSbsKWrERsyzMvYZcjWRzRz+ywlzh4WSfmjFSXd0w8WABRMpeQwctsKmdIl5mUutLsa82XshwhX+GE8pe6
EmV1PYR6l9MsFpgbv0WYhFIUzotjc5k9W05o6Ee2m0wBhl2x4AicIcG8Eh5SRZ58HFGA4vgWnovGLjcLEzyfa5bZ9ka24qAOYGbn
cLmMoBOH1nACl0GgvRw6pNVpjaDmPe7vE5/AosJkYYaChHSizLMAOacq/6M2scumhYzSo6ditdHPig2kB1axtEHL26QjLxLmXstK
pquibFG4ytunqRL6M+SsIqevNBHKCDxUqN+JnzxPIE2rgD+HhkTmMKuU2OTDp/4xrET2rrxPyv6sgyFUoyC6Aa0lamooe4pirT+o
41EYo3utpGpu8ipj+K4Wzm39SmoMrnWPyH1rR6avW+TQgQnUA6/mxVMHhbbMsLZPjmKKODmwz1liOV0u6bFsKYQu4azxsX4/X5V2
cGuybxhASM0eQLLiIx4NHteAs5veLIHhsL+z7/2PxH1wD7QvGZz7XFMathRIrptC9Ym2IvB15dEWnLZcn0p5EP0/uHCnwUiOigO5
Q3CthWSOA7ld5Y92Rto7ueJjBDz+o+S6H0ORJczkQLpptJFDJM67u6wpirZRTEC8I4OgMET8ALxKFguPtRQlvUQWIBVbp0K9hfOK
l6Pns72SgA0uPsaOwAcb3vYFF3DAMLGzZkbTt8EjLxD2JxX9wiW8TfA3jynDFWBzuS6pHcNv4SY6LUOSw5rmdk8mXmPFDgDUB008
DMVKx4zxbh8gxW2bdRTTEizF5HjVkojIQcaMbscJYpMNxsVO+tkm8Q3HE8kHX9sTM8elUEgBe1MOyC3fL9cdPPLJkrBcxttN+cm8
9apBZMd5ywCEhSorFQzLP2s3NuXsUMuDcKl4qf6ry4WLKybDd2TMwa5gROJpG856EzRp0OukzwWxf2SHSajQD64qj53EIdBYNnJm
r2V20Ie5qDysUWLQmtge2Sp+i9FgU4e3GDlz0Zexsz2wFD7RyyisQGkHhNHtyWZ1rthG094W2hcXKfHUHwkezfu5e9Th7BjtIwfn
1RmSHcs/gr7XfHGIFpyeHdjaCk4Qwpf72NowjM0M9MPZRnxPfjxGW9lWmBMxr7Sf2ZsN6C8q73raC3N7LxyOuNoP6pQXvfRU24xI
XSp7p9bbl2W8/wtwrNuhfZE39KGN26pgUBJGtOvbuWo0szlJE9xh21QG2mm83XqoE/5uFR/ee08hclCCGN6Tueo8UjVn3p9JapG3
x4Pe2FCi6bntXt8TP9ZynXAU31WFFw6OULfgFfpIQXSWR+EE7rj8CQOL4RJEKVFQ5nHhaBoA4+MMkOG3qm7dJclp4gFUxWAJVMTi
CW1n1gKPeuQ9f3dcG3nF5Er9bs/jfRzkrT4TFP2uFeYvgLtNTwVk5y8KCqwXy4nn1vFWK42UKuihCx6cKLAA6W+5dFG1+bjsDHb+
U5R/LeyfaC7WcfDd7Os5ETMA6DHs8MYVE37X4e1qX93T14Xz7oUL2hh29TnvS81n7OSSj+/hTAmfnfBu8C7461pG+FDwVNNX38hG
T/E7kTnGP8bp8b611KbH4H3x4wmPE0+rHvJQkyOH/qzf8onqUryibknzN7M1egmXS/Q9QeKs2vbd9E1sEho9xmb0ylB8B9C9MfT6
EUM71bcO9T+pbCOJfsX1SWuxMoGE9fXRcCLJavRs9ejSqsPKur73b3I4G3Xw3vfZPtb6s/Eb+BQ9P6mTrsT4GlYl1KIsgPgg966R
bBHA+E+ylFDNArL4W1GhrCRkhPh9PMAy/xPd+TFHNvcqJxr5dcKYbILOXvmq/vIBACFj+nurnv86BqX6tXDNEGUJqPzD5ih8wMXB
/QbJSyhWwOT9PSeg1ofHkv6clvAdOKp//sKRon9PuMf/Y+VHx/sTW/+6hy4jYAlJ
"""

_MADE = base64.b64decode(_STARTS)
STRETCHED = frozenset(_MADE[at : at + 8] for at in range(0, len(_MADE), 8))
