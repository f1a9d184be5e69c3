// Encrypts as applications in Java do: AES/GCM/NoPadding, the iv before the rest, in base64. Reads
// the app, the key in hex, and texts in base64, with tabs between them; prints the stored texts so.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

public class Producer {
    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SecureRandom random = new SecureRandom();
        for (String line; (line = lines.readLine()) != null; ) {
            String[] asked = line.split("\t");
            SecretKeySpec key = new SecretKeySpec(HexFormat.of().parseHex(asked[1]), "AES");
            StringBuilder stored = new StringBuilder();
            for (int at = 2; at < asked.length; at++) {
                byte[] text = Base64.getDecoder().decode(asked[at]);
                boolean gcm = asked[0].equals("gcm-joined");
                byte[] iv = new byte[gcm ? 12 : 16];
                random.nextBytes(iv);
                Cipher cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "AES/CBC/PKCS5Padding");
                cipher.init(Cipher.ENCRYPT_MODE, key, gcm ? new GCMParameterSpec(128, iv) : new IvParameterSpec(iv));
                byte[] body = cipher.doFinal(text);
                byte[] all = ByteBuffer.allocate(iv.length + body.length).put(iv).put(body).array();
                stored.append(at > 2 ? "\t" : "").append(Base64.getEncoder().encodeToString(all));
            }
            System.out.println(stored);
        }
    }
}
