# ActiveSupport::MessageEncryptor of Rails, with its ciphers, serialisers and metadata.
require "active_support"
require "active_support/message_encryptor"
require "active_support/key_generator"
require "active_support/core_ext/integer/time"
require "json"

TEXT = "hello naïve café"
SECRET = "7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37"
LONG = "3942b1bf81e622559ed509e3ff274a780784fe9e75b065866bd270438c74da82" \
       "2219de3156473cc27df1fd590e4baf68c95eeb537b6e4d4c5a10f41635b5597e"
BASE = "a made-up secret key base, which is much longer in real applications"
NULL = ActiveSupport::MessageEncryptor::NullSerializer

def vector(name, encryptor, recipe, secret, envelope: "rails", plain: TEXT, value: TEXT, **options)
  stored = encryptor.encrypt_and_sign(value, **options)
  { name: name, envelope: envelope, recipe: recipe, secret: secret, stored: stored,
    plaintext_hex: plain.b.unpack1("H*") }
end

def encryptor(key, *signing, **options)
  ActiveSupport::MessageEncryptor.new(key, *signing, **options)
end

key = [SECRET].pack("H*")
gcm = { cipher: "aes-256-gcm", encoding: "hex" }
cbc = { cipher: "aes-256-cbc", encoding: "hex" }
gcm_null = encryptor(key, cipher: "aes-256-gcm", serializer: NULL)
cbc_null = encryptor(key, cipher: "aes-256-cbc", serializer: NULL)
vectors = [
  vector("GCM", gcm_null, gcm, SECRET),
  vector("GCM of nothing more than a byte", gcm_null, gcm, SECRET, value: "x", plain: "x"),
  vector("GCM, Marshal", encryptor(key, cipher: "aes-256-gcm"), gcm, SECRET, plain: Marshal.dump(TEXT)),
  vector("GCM, JSON", encryptor(key, cipher: "aes-256-gcm", serializer: JSON), gcm, SECRET, plain: JSON.dump(TEXT)),
  vector("GCM with a purpose", gcm_null, gcm, SECRET, purpose: "login"),
  vector("GCM that expires", gcm_null, gcm, SECRET, expires_in: 1.year),
  vector("aes-128-gcm", encryptor(key[0, 16], cipher: "aes-128-gcm", serializer: NULL),
         { cipher: "aes-128-gcm", encoding: "hex" }, SECRET[0, 32]),
  vector("CBC", cbc_null, cbc, SECRET),
  vector("CBC with a purpose", cbc_null, cbc, SECRET, purpose: "login"),
  vector("CBC, SHA-256", encryptor(key, cipher: "aes-256-cbc", digest: "SHA256", serializer: NULL), cbc, SECRET),
]
long = [LONG].pack("H*")
vectors << vector("CBC, a secret of 64 bytes", encryptor(long[0, 32], long, cipher: "aes-256-cbc", serializer: NULL),
                  { cipher: "aes-256-cbc", encoding: "hex", derive: { fit: { fill: "" } } }, LONG)
derived = ActiveSupport::KeyGenerator.new(BASE, iterations: 1000)
cookie = encryptor(derived.generate_key("encrypted cookie", 32), derived.generate_key("signed encrypted cookie"),
                   cipher: "aes-256-cbc", serializer: NULL)
vectors << vector("CBC, two keys of one secret", cookie,
                  { cipher: "aes-256-cbc", encoding: "utf8",
                    derive: { pbkdf2: { salt: "encrypted cookie", iterations: 1000, hash: "sha1" } } },
                  BASE, envelope: { format: "rails", "signed-with": { salt: "signed encrypted cookie" } })
puts JSON.dump(producer: "activesupport #{ActiveSupport.version}, ruby #{RUBY_VERSION}", vectors: vectors)
