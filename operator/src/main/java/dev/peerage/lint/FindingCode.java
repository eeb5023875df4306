package dev.peerage.lint;

import dev.peerage.lint.Finding.Severity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of findings. Each has a page {@code docs/lint/CODE.md} with an example and what to do.
 */
public enum FindingCode {
  // Files.
  UNREADABLE_FILE(Severity.ERROR, "a file cannot be read"),
  NOTHING_READ(Severity.ERROR, "no Kubernetes object was read"),
  NOT_YAML(Severity.ERROR, "the text is no YAML"),
  DUPLICATE_KEY(Severity.ERROR, "a key is there twice"),
  MISSING_SEPARATOR(Severity.ERROR, "two objects without --- between them"),
  NOT_AN_OBJECT(Severity.ERROR, "a document is no Kubernetes object"),
  TEMPLATE_TEXT(Severity.WARNING, "a template's variable that nothing has replaced"),
  CURLY_QUOTES(Severity.WARNING, "quotes of a word processor are part of the value"),
  TWO_FOLDERS(Severity.WARNING, "the same object in two folders"),
  // What the API server refuses.
  UNKNOWN_KIND(Severity.ERROR, "there is no such kind"),
  API_VERSION(Severity.ERROR, "the kind has no such apiVersion"),
  OLD_FORM(Severity.ERROR, "the form of an API that is gone"),
  OBJECT_NAME(Severity.ERROR, "an object's name is missing or no name"),
  DUPLICATE_OBJECT(Severity.ERROR, "the same object twice"),
  UNKNOWN_FIELD(Severity.ERROR, "there is no such field"),
  MISSING_FIELD(Severity.ERROR, "a required field is missing"),
  WRONG_TYPE(Severity.ERROR, "a value is of another type"),
  VALUE_NOT_ALLOWED(Severity.ERROR, "a value is out of range or of the wrong form"),
  BROKEN_RULE(Severity.ERROR, "fields do not go together"),
  DUPLICATE_ENTRY(Severity.ERROR, "a list has an entry twice"),
  LABEL_FORM(Severity.ERROR, "a label or annotation is malformed"),
  NODE_ADDRESS(Severity.ERROR, "a Node has no usable InternalIP or PodCIDR"),
  // Nodes, sessions.
  NO_CLUSTER_CONFIG(Severity.WARNING, "no CiliumBGPClusterConfig: no node runs BGP"),
  NO_MATCHING_NODE(Severity.WARNING, "a CiliumBGPClusterConfig selects no node"),
  CLUSTER_CONFIG_CONFLICT(Severity.WARNING, "two CiliumBGPClusterConfigs want the same node"),
  ROUTER_ID(Severity.WARNING, "an instance gets no router ID, or not the one asked for"),
  MISSING_PEER_CONFIG(Severity.WARNING, "a peer refers to no CiliumBGPPeerConfig that exists"),
  PEER_ADDRESS(Severity.WARNING, "a peer's address cannot be used"),
  PEER_ASN(Severity.WARNING, "one router is given two AS numbers"),
  PEER_IS_A_NODE(Severity.WARNING, "a peer's address is that of a node that nobody can dial"),
  MESH(Severity.NOTE, "a node is in the list of its own peers"),
  INSTANCE(Severity.WARNING, "an instance cannot be started"),
  PRIVILEGED_PORT(Severity.WARNING, "localPort below 1024 takes a right that agents do not have"),
  OVERRIDE_WITHOUT_NODE(Severity.WARNING, "an override for a Node that is not there"),
  OVERRIDE_WITHOUT_INSTANCE(Severity.WARNING, "an override for what no instance or peer is called"),
  HOLD_TIME(Severity.WARNING, "holdTimeSeconds is less than three keepalives"),
  RESTART_TIME(Severity.WARNING, "restartTimeSeconds is shorter than a restart takes"),
  FAMILIES(Severity.WARNING, "a peer config's families are missing, doubled or not carried"),
  PASSWORD(Severity.NOTE, "a peer config asks for a password"),
  NEXT_HOP(Severity.WARNING, "routes are announced with a next hop that cannot be reached"),
  // Advertisements.
  ADVERTISEMENT_NOT_SELECTED(Severity.WARNING, "no peer config selects an advertisement"),
  ADVERTISEMENT_EMPTY(Severity.WARNING, "an advertisement or one of its entries announces nothing"),
  SELECTOR_MISSING(Severity.WARNING, "an entry has no selector, which selects nothing"),
  AGGREGATION(Severity.WARNING, "an aggregation length that aggregates nothing"),
  // Pools and Services.
  POOL_CONFLICT(Severity.WARNING, "blocks of pools overlap"),
  POOL_BLOCK(Severity.WARNING, "a pool has a block that gives no address, or none at all"),
  POOL_OVER_POD_CIDR(Severity.WARNING, "a pool holds addresses of Pods"),
  POOL_OVER_NETWORK(Severity.WARNING, "a pool holds the address of a node or of a router"),
  POOL_UNUSED(Severity.WARNING, "a pool's serviceSelector selects none of the Services"),
  NO_POOL(Severity.WARNING, "no pool gives a Service an address"),
  SERVICE_WITHOUT_ADDRESS(Severity.WARNING, "a Service does not get the address it asks for"),
  SERVICE_ANNOTATION(Severity.WARNING, "an annotation of a Service cannot be read"),
  SERVICE_ADDRESS(Severity.WARNING, "an address of a Service is not announced"),
  SERVICE_NOT_SELECTED(Severity.WARNING, "no advertisement selects a Service"),
  SERVICE_FAMILY(Severity.WARNING, "an address whose family no peer carries"),
  FOREIGN_CLASS(Severity.WARNING, "a Service of another load balancer is selected"),
  NO_ENDPOINT(Severity.WARNING, "externalTrafficPolicy Local, and no node has a ready endpoint"),
  EXCLUDED_NODES(Severity.WARNING, "every node is excluded from external load balancers"),
  // To know.
  NODE_CONFIG(Severity.NOTE, "a CiliumBGPNodeConfig, which the operator writes"),
  OTHER_LOAD_BALANCER(Severity.NOTE, "an object of another load balancer"),
  KIND_NOT_READ(Severity.NOTE, "an object that says nothing about BGP"),
  UNUSED_SUPPRESSION(Severity.NOTE, "a comment suppresses what is not found");

  private static final Set<FindingCode> OF_WHAT_IS_ABSENT =
      Set.of(
          NO_CLUSTER_CONFIG,
          NO_MATCHING_NODE,
          MISSING_PEER_CONFIG,
          OVERRIDE_WITHOUT_NODE,
          OVERRIDE_WITHOUT_INSTANCE,
          ADVERTISEMENT_NOT_SELECTED,
          POOL_UNUSED,
          NO_POOL,
          SERVICE_WITHOUT_ADDRESS,
          SERVICE_NOT_SELECTED,
          SERVICE_FAMILY,
          NO_ENDPOINT,
          EXCLUDED_NODES);

  private final Severity severity;
  private final String title;

  FindingCode(Severity severity, String title) {
    this.severity = severity;
    this.title = title;
  }

  /** As it is written: {@code pool-conflict}; also the name of its page. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** What it is, in a few words. */
  public String title() {
    return title;
  }

  /** Whether it may be about an object only because another one is not there. */
  boolean isOfWhatIsAbsent() {
    return OF_WHAT_IS_ABSENT.contains(this);
  }

  /** The one that is written so. */
  public static Optional<FindingCode> of(String code) {
    return Arrays.stream(values()).filter(each -> each.code().equals(code)).findFirst();
  }
}
