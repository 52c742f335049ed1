import java.io.File;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.io.FileInputStream;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Arguments: pairs of certificate and envelope. Prints `true` or `false` for each, by the JDK's own XML Signature. */
public class VerifySignatures {
  static final String AXIS = "urn:lien-thong:axis:1";

  static boolean verify(String certificate, String envelope) throws Exception {
    PublicKey key;
    try (FileInputStream in = new FileInputStream(certificate)) {
      key = ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)).getPublicKey();
    }
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document = factory.newDocumentBuilder().parse(new File(envelope));
    Element signature = (Element) document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
    DOMValidateContext context = new DOMValidateContext(key, signature);
    context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
    for (String name : new String[] {"Header", "Body"}) {
      context.setIdAttributeNS((Element) document.getElementsByTagNameNS(AXIS, name).item(0), null, "Id");
    }
    return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context);
  }

  public static void main(String[] arguments) throws Exception {
    for (int at = 0; at < arguments.length; at += 2) System.out.println(verify(arguments[at], arguments[at + 1]));
  }
}
