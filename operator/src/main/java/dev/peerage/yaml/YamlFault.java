package dev.peerage.yaml;

/** What can be wrong with a text as YAML. */
public enum YamlFault {
  /** It follows no grammar, or is longer than anything that is read here. */
  SYNTAX,
  /** A mapping has a key twice. */
  DUPLICATE_KEY,
  /** A Kubernetes object begins where the one before it has not ended. */
  MISSING_SEPARATOR
}
