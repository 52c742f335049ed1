/** Namespace and algorithm names of the axis envelope (XML Signature 1.1, XML Encryption 1.1, exc-c14n 1.0). */
export const axis = 'urn:lien-thong:axis:1'
export const ds = 'http://www.w3.org/2000/09/xmldsig#'
export const xenc = 'http://www.w3.org/2001/04/xmlenc#'
export const xenc11 = 'http://www.w3.org/2009/xmlenc11#'

export const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
export const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const enveloped = `${ds}enveloped-signature`
export const sha1Uri = `${ds}sha1`
export const sha256Uri = `${xenc}sha256`
export const elementType = `${xenc}Element`
export const aes256Gcm = `${xenc11}aes256-gcm`
export const rsaOaep = `${xenc11}rsa-oaep`
export const mgf1Sha256 = `${xenc11}mgf1sha256`
