import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.xml.security.Init;
import org.apache.xml.security.encryption.EncryptedData;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.keys.KeyInfo;
import org.apache.xml.security.utils.XMLUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * `decrypt <p12> <passphrase> <envelope> <out>`: writes the element that was encrypted in Body.
 * `encrypt <certificate> <envelope> <inner> <out>`: puts `inner` into the Body of `envelope`, encrypted.
 */
public class Santuario {
  static final String XENC = "http://www.w3.org/2001/04/xmlenc#";

  static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new File(file));
  }

  static void write(Node node, String file) throws Exception {
    try (FileOutputStream out = new FileOutputStream(file)) {
      XMLUtils.outputDOM(node, out);
    }
  }

  static void decrypt(String store, String passphrase, String envelope, String to) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(store)) {
      keys.load(in, passphrase.toCharArray());
    }
    Key key = keys.getKey(keys.aliases().nextElement(), passphrase.toCharArray());
    Document document = parse(envelope);
    Element data = (Element) document.getElementsByTagNameNS(XENC, "EncryptedData").item(0);
    Element body = (Element) data.getParentNode();
    XMLCipher cipher = XMLCipher.getInstance();
    cipher.init(XMLCipher.DECRYPT_MODE, null);
    cipher.setKEK(key);
    cipher.doFinal(document, data);
    write(body.getFirstChild(), to);
  }

  static void encrypt(String certificate, String envelope, String inner, String to) throws Exception {
    PublicKey recipient;
    try (FileInputStream in = new FileInputStream(certificate)) {
      recipient = ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)).getPublicKey();
    }
    Document document = parse(envelope);
    Element body = (Element) document.getElementsByTagNameNS("*", "Body").item(0);
    Element element = (Element) document.importNode(parse(inner).getDocumentElement(), true);
    body.appendChild(element);
    KeyGenerator generator = KeyGenerator.getInstance("AES");
    generator.init(256);
    SecretKey key = generator.generateKey();
    XMLCipher wrapper = XMLCipher.getInstance(XMLCipher.RSA_OAEP_11, null, XMLCipher.SHA256);
    wrapper.init(XMLCipher.WRAP_MODE, recipient);
    EncryptedKey wrapped = wrapper.encryptKey(document, key, "http://www.w3.org/2009/xmlenc11#mgf1sha256", null);
    XMLCipher cipher = XMLCipher.getInstance(XMLCipher.AES_256_GCM);
    cipher.init(XMLCipher.ENCRYPT_MODE, key);
    EncryptedData data = cipher.getEncryptedData();
    KeyInfo keyInfo = new KeyInfo(document);
    keyInfo.add(wrapped);
    data.setKeyInfo(keyInfo);
    cipher.doFinal(document, element, false);
    write(document, to);
  }

  public static void main(String[] a) throws Exception {
    Init.init();
    if (a[0].equals("decrypt")) decrypt(a[1], a[2], a[3], a[4]);
    else encrypt(a[1], a[2], a[3], a[4]);
  }
}
