package dev.peerage.node;

/**
 * Something in the user's objects that cannot be done as written. It never stops the rest of a
 * plan.
 *
 * @param object the object to edit
 * @param field the path of the field in it, for example {@code spec.transport.peerPort}
 * @param what what is wrong and what follows from it
 * @param remedy what to do about it
 */
public record Problem(ObjectRef object, String field, String what, String remedy) {

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
   * @param name its name
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
