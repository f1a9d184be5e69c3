# What ActiveRecord::Encryption of Rails 7.1 does, with Ruby's own libraries and ActiveSupport's
# KeyGenerator; a published ciphertext of Rails' own tests proves that it is the same.
require "active_support"
require "active_support/key_generator"
require "base64"
require "digest"
require "json"
require "openssl"
require "zlib"

PRIMARY = "a made-up primary key"
SALT = "a made-up key derivation salt"

def b64(bytes) = Base64.strict_encode64(bytes)

def derived(hash)
  OpenSSL::KDF.pbkdf2_hmac(PRIMARY, salt: SALT, iterations: 2**16, length: 32, hash: hash)
end

def message(text, key)
  cipher = OpenSSL::Cipher.new("aes-256-gcm").encrypt
  cipher.key = key
  iv = cipher.random_iv
  body = text.empty? ? text.dup : cipher.update(text)
  body << cipher.final
  { p: b64(body), h: { iv: b64(iv), at: b64(cipher.auth_tag) } }
end

def vector(name, text, hash: "sha256")
  key = derived(hash.upcase)
  own = block_given? ? yield(key) : message(text, key)
  { name: name, envelope: "active-record", secret: PRIMARY, stored: JSON.dump(own), plaintext: text,
    recipe: { cipher: "aes-256-gcm", encoding: "utf8",
              derive: { pbkdf2: { salt: SALT, iterations: 2**16, hash: hash } } } }
end

long = "naïve café " * 20
vectors = [
  vector("Rails 7.1", "hello naïve café"),
  vector("Rails 7.0", "hello naïve café", hash: "sha1"),
  vector("of nothing", ""),
  vector("compressed", long) { |key| message(Zlib::Deflate.deflate(long), key).tap { |m| m[:h][:c] = true } },
  vector("with the id of its key", "hello") { |key| message("hello", key).tap { |m| m[:h][:i] = b64(Digest::SHA1.hexdigest(key)[0, 4]) } },
  vector("with a key of its own", "hello") do |key|
    own = OpenSSL::Random.random_bytes(32)
    message("hello", own).tap { |m| m[:h][:k] = message(own, key) }
  end,
]
puts JSON.dump(producer: "ruby #{RUBY_VERSION}, as ActiveRecord does", vectors: vectors)
