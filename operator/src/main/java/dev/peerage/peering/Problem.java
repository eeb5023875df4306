package dev.peerage.peering;

/**
 * Something in the user's objects that cannot be done as written. It never stops the rest of a
 * plan.
 *
 * @param object the object to edit
 * @param field the path of the field in it, for example {@code spec.transport.peerPort}
 * @param what what is wrong and what follows from it
 * @param remedy what to do about it
 * @param severity whether something that was asked for is not done
 * @param scope who sees it
 */
public record Problem(
    ObjectRef object, String field, String what, String remedy, Severity severity, Scope scope) {

  /** A warning that every node sees alike. */
  public Problem(ObjectRef object, String field, String what, String remedy) {
    this(object, field, what, remedy, Severity.WARNING, Scope.CLUSTER);
  }

  /** What follows from a problem. */
  public enum Severity {
    /** Something that was asked for is not done. */
    ERROR("BGPReconcileError"),
    /** All that was asked for is done, but perhaps not as it was meant. */
    WARNING("BGPConfigurationWarning"),
    /** Nothing is wrong: what follows from the objects here is only told. No Event says it. */
    NOTE("BGPConfigurationNote");

    private final String reason;

    Severity(String reason) {
      this.reason = reason;
    }

    /** The reason that an Event gives. */
    public String reason() {
      return reason;
    }
  }

  /** Who sees a problem. */
  public enum Scope {
    /** Every node that the object concerns. */
    CLUSTER,
    /** This node, because of something that only it has or lacks. */
    NODE
  }

  /** This as an error. */
  public Problem asError() {
    return new Problem(object, field, what, remedy, Severity.ERROR, scope);
  }

  /** This as a note. */
  public Problem asNote() {
    return new Problem(object, field, what, remedy, Severity.NOTE, scope);
  }

  /** This as a problem of this node alone. */
  public Problem ofNode() {
    return new Problem(object, field, what, remedy, severity, Scope.NODE);
  }

  /** One line for a log. */
  @Override
  public String toString() {
    return object + " " + field + ": " + what + "; " + remedy;
  }

  /**
   * Names a Kubernetes object.
   *
   * @param kind for example {@code CiliumBGPPeerConfig}
   * @param namespace empty for objects of the cluster
   */
  public record ObjectRef(String kind, String namespace, String name) {
    /** An object without namespace. */
    public static ObjectRef ofCluster(String kind, String name) {
      return new ObjectRef(kind, "", name);
    }

    /** For example {@code Service default/webpod}. */
    @Override
    public String toString() {
      return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
  }
}
