import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.*;
import javax.xml.crypto.dsig.spec.*;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Arguments: passphrase, then threes of PKCS#12 file, unsigned envelope and where to write it signed by the JDK. */
public class SignEnvelope {
  static final String AXIS = "urn:lien-thong:axis:1";
  static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";

  static void sign(char[] passphrase, String store, String from, String to) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (FileInputStream in = new FileInputStream(store)) {
      keys.load(in, passphrase);
    }
    String alias = keys.aliases().nextElement();
    PrivateKey key = (PrivateKey) keys.getKey(alias, passphrase);
    X509Certificate certificate = (X509Certificate) keys.getCertificate(alias);

    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document = factory.newDocumentBuilder().parse(new File(from));
    XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");
    DigestMethod digest = signatures.newDigestMethod(DigestMethod.SHA256, null);
    List<Transform> transforms = Collections.singletonList(signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null));
    SignedInfo info = signatures.newSignedInfo(
        signatures.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
        signatures.newSignatureMethod(MORE + (key.getAlgorithm().equals("RSA") ? "rsa-sha256" : "ecdsa-sha256"), null),
        List.of(signatures.newReference("#header", digest, transforms, null, null), signatures.newReference("#body", digest, transforms, null, null)));
    KeyInfoFactory infos = signatures.getKeyInfoFactory();
    KeyInfo keyInfo = infos.newKeyInfo(Collections.singletonList(infos.newX509Data(Collections.singletonList(certificate))));
    DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
    context.setDefaultNamespacePrefix("ds");
    for (String name : new String[] {"Header", "Body"}) {
      context.setIdAttributeNS((Element) document.getElementsByTagNameNS(AXIS, name).item(0), null, "Id");
    }
    signatures.newXMLSignature(info, keyInfo).sign(context);
    TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(new File(to)));
  }

  public static void main(String[] arguments) throws Exception {
    for (int at = 1; at < arguments.length; at += 3) sign(arguments[0].toCharArray(), arguments[at], arguments[at + 1], arguments[at + 2]);
  }
}
