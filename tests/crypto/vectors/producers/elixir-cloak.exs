# What Cloak.Ciphers.AES.GCM of Elixir's Cloak does, with Erlang's own crypto.
key = Base.decode16!("7A3E153EBF5A4BD8D7F710699D515426B332B0861A6EEA4624E283C4B8D4BF37")
secret = Base.encode64(key)

sealed = fn text, label, size ->
  iv = :crypto.strong_rand_bytes(size)
  {body, tag} = :crypto.crypto_one_time_aead(:aes_256_gcm, key, iv, text, "AES256GCM", true)
  <<1, byte_size(label)>> <> label <> iv <> tag <> body
end

vectors =
  for {name, envelope, text, label, size} <- [
        {"as its guide advises", ~s("elixir-cloak"), "hello naive cafe", "AES.GCM.V1", 12},
        {"as it is by default", ~s("elixir-cloak"), "hello naive cafe", "AES.GCM.V1", 16},
        {"of nothing", ~s("elixir-cloak"), "", "AES.GCM.V1", 12},
        {"with another label", ~s({"format": "elixir-cloak", "label": "2026"}), "hello", "2026", 12}
      ] do
    ~s({"name": "#{name}", "envelope": #{envelope}, "secret": "#{secret}", "plaintext": "#{text}", ) <>
      ~s("recipe": {"cipher": "aes-256-gcm", "encoding": "base64"}, ) <>
      ~s("stored_hex": "#{Base.encode16(sealed.(text, label, size), case: :lower)}"})
  end

IO.puts(~s({"producer": "Elixir #{System.version()}, as Cloak does", "vectors": [#{Enum.join(vectors, ", ")}]}))
