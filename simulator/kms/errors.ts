import { faultsOf } from "../protocol/errors.ts";

// Every error the KMS models: shape name, code on the wire, HTTP status. The three often differ
// (SnapshotQuotaExceededFault travels as SnapshotQuotaExceeded), so nothing here is derived by rule.
export const kmsErrors = {
  AlreadyExistsException: { code: "AlreadyExistsException", status: 400 },
  CloudHsmClusterInUseException: { code: "CloudHsmClusterInUseException", status: 400 },
  CloudHsmClusterInvalidConfigurationException: {
    code: "CloudHsmClusterInvalidConfigurationException",
    status: 400,
  },
  CloudHsmClusterNotActiveException: { code: "CloudHsmClusterNotActiveException", status: 400 },
  CloudHsmClusterNotFoundException: { code: "CloudHsmClusterNotFoundException", status: 400 },
  CloudHsmClusterNotRelatedException: { code: "CloudHsmClusterNotRelatedException", status: 400 },
  ConflictException: { code: "ConflictException", status: 400 },
  CustomKeyStoreHasCMKsException: { code: "CustomKeyStoreHasCMKsException", status: 400 },
  CustomKeyStoreInvalidStateException: { code: "CustomKeyStoreInvalidStateException", status: 400 },
  CustomKeyStoreNameInUseException: { code: "CustomKeyStoreNameInUseException", status: 400 },
  CustomKeyStoreNotFoundException: { code: "CustomKeyStoreNotFoundException", status: 400 },
  DependencyTimeoutException: { code: "DependencyTimeoutException", status: 500 },
  DisabledException: { code: "DisabledException", status: 400 },
  DryRunOperationException: { code: "DryRunOperationException", status: 400 },
  ExpiredImportTokenException: { code: "ExpiredImportTokenException", status: 400 },
  IncorrectKeyException: { code: "IncorrectKeyException", status: 400 },
  IncorrectKeyMaterialException: { code: "IncorrectKeyMaterialException", status: 400 },
  IncorrectTrustAnchorException: { code: "IncorrectTrustAnchorException", status: 400 },
  InvalidAliasNameException: { code: "InvalidAliasNameException", status: 400 },
  InvalidArnException: { code: "InvalidArnException", status: 400 },
  InvalidCiphertextException: { code: "InvalidCiphertextException", status: 400 },
  InvalidGrantIdException: { code: "InvalidGrantIdException", status: 400 },
  InvalidGrantTokenException: { code: "InvalidGrantTokenException", status: 400 },
  InvalidImportTokenException: { code: "InvalidImportTokenException", status: 400 },
  InvalidKeyUsageException: { code: "InvalidKeyUsageException", status: 400 },
  InvalidMarkerException: { code: "InvalidMarkerException", status: 400 },
  KMSInternalException: { code: "KMSInternalException", status: 500 },
  KMSInvalidMacException: { code: "KMSInvalidMacException", status: 400 },
  KMSInvalidSignatureException: { code: "KMSInvalidSignatureException", status: 400 },
  KMSInvalidStateException: { code: "KMSInvalidStateException", status: 400 },
  KeyUnavailableException: { code: "KeyUnavailableException", status: 500 },
  LimitExceededException: { code: "LimitExceededException", status: 400 },
  MalformedPolicyDocumentException: { code: "MalformedPolicyDocumentException", status: 400 },
  NotFoundException: { code: "NotFoundException", status: 400 },
  TagException: { code: "TagException", status: 400 },
  UnsupportedOperationException: { code: "UnsupportedOperationException", status: 400 },
  XksKeyAlreadyInUseException: { code: "XksKeyAlreadyInUseException", status: 400 },
  XksKeyInvalidConfigurationException: { code: "XksKeyInvalidConfigurationException", status: 400 },
  XksKeyNotFoundException: { code: "XksKeyNotFoundException", status: 400 },
  XksProxyIncorrectAuthenticationCredentialException: {
    code: "XksProxyIncorrectAuthenticationCredentialException",
    status: 400,
  },
  XksProxyInvalidConfigurationException: { code: "XksProxyInvalidConfigurationException", status: 400 },
  XksProxyInvalidResponseException: { code: "XksProxyInvalidResponseException", status: 400 },
  XksProxyUriEndpointInUseException: { code: "XksProxyUriEndpointInUseException", status: 400 },
  XksProxyUriInUseException: { code: "XksProxyUriInUseException", status: 400 },
  XksProxyUriUnreachableException: { code: "XksProxyUriUnreachableException", status: 400 },
  XksProxyVpcEndpointServiceInUseException: { code: "XksProxyVpcEndpointServiceInUseException", status: 400 },
  XksProxyVpcEndpointServiceInvalidConfigurationException: {
    code: "XksProxyVpcEndpointServiceInvalidConfigurationException",
    status: 400,
  },
  XksProxyVpcEndpointServiceNotFoundException: {
    code: "XksProxyVpcEndpointServiceNotFoundException",
    status: 400,
  },
} as const;

/** Makes the error to throw for a modelled fault, named by its shape. */
export const kmsFault = faultsOf(kmsErrors);
