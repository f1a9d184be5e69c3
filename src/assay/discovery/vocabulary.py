"""Words that comments on configuration consist of: none of them is what a comment must not tell.

A passphrase is made of words too. So a comment that may speak of a secret is copied only if all its
words are among these, in the project's own names, or among the names of the library's specs.
"""

from __future__ import annotations


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _listed("""
a about after al all also an and any are as at au auf aus aux avec be because been before
bei below both but by can cha che com con could da dans das de del della dem den der des
di die do does du e each ein eine einem einen einer either el elle else em en es est et
every for from für get gets has have here hii how if il im in into is ist it its just keep
kwa la las later le les like lo los may might mit more most must na never ni nicht no not
nur oder of off on once one only or os other otherwise ou our out over par para pas per
por pour que qui rather same se see set sets shall should si sin since sind so some su
such sur than that the their them then there these they this those to too um uma un und
under une unless until up used uses using via vom von vya wa was we wenn were what when
where whether which while who will wird with within without would y ya yet you your za zu
zum zur
""")
"""Words that a sentence has and a passphrase hardly, in a few languages."""
_COMMON = _listed("""
enough ever exactly least many much often still there
access account accounts active add added address addresses admin admins again age agent
alert alerts allow allowed always amount analytics api apikeys apis app application
applications apps area ask asset assets async auth authentication authorization automatic
automatically available backend background backup backups bank banner base based basic batch
behind between billing bind block body boolean bot box branch broker browser browsers
bucket buckets budget buffer build builds bundle bytes cache cached call callback
callbacks calls card case cdn cert certificate certificates change changed changes channel
channels characters check checks choose ci cipher class client clients clock cloud cluster
code codes collection color colour column columns come comes comma command comment commit
common company compatible compose config configuration configure connect connection connections
console consumer contact container content cookie cookies copied copy core cors cost count
country create created credential credentials cron currency current custom customer
customers daily dashboard data database databases date day days db debug debugging decrypt
default defaults define defined defines delay delete delivery demo deploy deployed deployment
derived deprecated
describes dev
developer developers development device digits directory disable disabled display docker
docs documentation domain domains down download driver dry duration edge edit email emails
empty enable enabled encrypt encrypted encryption endpoint endpoints engine environment
environments error errors event events example expires expiry expose exposed external fail
fails fallback false feature features fetch field file files fill first fixed flag flags
flow folder follow force format found free frontend full function functions general
generate generated generator github give given global google graph group groups guest hash
header headers health help hex high history home hook hooks host hostname hosts hour hours
http https id identifier ids image images import important inbound index info
infrastructure initial input inside install instance instances instead integration
integrations internal internet interval invoice invoices ip issued issuer item items job
jobs json jwt key keys kind known label language last latency latest launch layer leave
length less level levels library life lifetime limit limits line link links list listen
listener listening listens load local locale localhost location lock log logging login
logs long lookup loop low machine mail mailer main maintenance make makes manager map mark
master max maximum memory message messages method metrics mfa migration migrations mime
min minimum minute minutes mobile mode model module monitor monitoring month months
multiple name named names namespace need needed needs network networks new next node nodes
nonce none note notification notifications notify number numbers oauth object obtain old
online open operator option optional options order orders org organisation organization
origin origins outbound outgoing output own owner package page pages parameter parameters
part partner parts passphrase passphrases password passwords path paths pay payment
payments peer people percent period permission person phone pin ping plan platform please
plugin point points policy poll pool port portal ports post prefix preview previous price
primary print private process processes prod product production products profile profiles
program project projects proof protect protocol provided provider proxy public publish
published pull push put query queue queues quota random rate read reader reads ready real
receipt receive receiver record redirect redis region regions register registry relay
release relevant remote remove replace replaced replica report reports repository request
requests
required reset resource response rest restart retries retry return right role roles root
rotate rotated rotation route router row rows rule rules run runner runs runtime salt
sandbox save schedule scheme scope scopes script search second secondary seconds secret
secrets section secure security seed self send sender sending sends sent sentry separate separated
server servers service services session sessions setting settings setup share shared shell
shop short show shown side sign signature signed signing signs single site size sms socket
source sources space special specifies specify ssl sso staging standard start starts startup
state static
status step stop storage store stored stores string style subject subscription suffix
support switch sync system table tables tag target task tasks team teams template tenant
test testing tests text theme third thread threads time timeout timeouts timestamp
timezone title tls token tokens tool total trace traces tracing traffic transaction transport
true
trust trusted ttl turn type unique unit units update updates upload uploads upstream uri
url urls usage use user username users valid validate value values variable variables
vendor verification verified verify version versions view visible volume wait warn warning
watch way web webhook webhooks website week whole wide window work worker workers works
write writes year years zero zone
""")
_TECHNICAL = _listed("""
aes aes128 aes192 aes256 amqp arm64 ascii aws base32 base64 base64url bcrypt csv ec2
ed25519 es256 gcm gcp hmac hs256 hs384 hs512 html http2 i18n ipv4 ipv6 kms l10n ldap md5
mongodb mysql oauth1 oauth2 openssl otp pbkdf2 pem postgres postgresql rs256 rsa s3 saml
scrypt sha1 sha256 sha384 sha512 smtp sql sqlite ssh totp utc utf8 uuid x509 xml yaml
""")
_SIZES = _listed("""
1 2 3 4 5 6 7 8 9 10 12 16 20 24 30 32 48 60 64 90 128 256 512 1024 2048 4096
""")
"""Numbers that are lengths or days, and hardly a PIN."""
KNOWN = FUNCTION_WORDS | _COMMON | _TECHNICAL | _SIZES
