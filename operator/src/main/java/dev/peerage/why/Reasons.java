package dev.peerage.why;

import dev.peerage.announce.Decision;
import dev.peerage.announce.Decision.Outcome;
import dev.peerage.announce.Decision.Subject;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.LabelSelector;
import dev.peerage.peering.AddressType;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Problem.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts a decision against an announcement into words: the link that breaks, the field or label that
 * failed, the remedy and the command to type next.
 */
public final class Reasons {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";
  private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";

  private final String node;
  private final Function<Subject, Map<String, String>> labels;
  private final Configured configured;

  /**
   * Reasons of one node.
   *
   * @param labels those of a subject, which selectors are matched with
   * @param objects what the plan was made of; empty where that is not known
   */
  public Reasons(
      String node, Function<Subject, Map<String, String>> labels, Optional<NodeSnapshot> objects) {
    this.node = node;
    this.labels = labels;
    this.configured = new Configured(objects);
  }

  /** Why not; empty when the decision is to announce. */
  public Optional<Reason> of(Decision decision) {
    Subject subject = decision.subject();
    return switch (decision.outcome()) {
      case Outcome.Announced _ -> Optional.empty();
      case Outcome.NoPeerConfig() -> Optional.of(noPeerConfig(decision));
      case Outcome.FamilyNotConfigured() -> Optional.of(noFamily(decision));
      case Outcome.NoAdvertisement() -> Optional.of(noAdvertisement(decision));
      case Outcome.NotSelected(var names) -> Optional.of(notSelected(decision, names));
      case Outcome.SelectorMissing(var names) ->
          reason(
              Link.ADVERTISEMENT,
              "spec.advertisements[].selector is missing in "
                  + String.join(", ", names)
                  + ", which selects nothing",
              "write a selector; 'selector: {}' selects all",
              "kubectl edit ciliumbgpadvertisement " + names.getFirst());
      case Outcome.ForeignClass(var other) ->
          reason(
              Link.SERVICE,
              "spec.loadBalancerClass is " + other + ": another load balancer announces it",
              "the class of a Service cannot be changed: create it anew without one, or with"
                  + " io.cilium/bgp-control-plane",
              get(subject));
      case Outcome.ForeignProxy(var proxy) ->
          reason(
              Link.SERVICE,
              "the label %s=%s gives it to another proxy than the nodes'"
                  .formatted(PROXY_NAME, proxy),
              "take the label off",
              label(subject, PROXY_NAME + "-"));
      case Outcome.ExcludedNode() ->
          reason(
              Link.NODE,
              "the node has the label " + EXCLUDED,
              "take the label off the node",
              "kubectl label node " + node + " " + EXCLUDED + "-");
      case Outcome.OutsideExternalIpRanges() ->
          reason(
              Link.SERVICE,
              "spec.externalIPs: what the installation allows to be announced does not contain it",
              "choose an address within externalIPs.allowedCIDRs of the chart, or have that widened",
              get(subject));
      case Outcome.NoEndpoint() ->
          reason(
              Link.ENDPOINTS,
              "the Service has no endpoint of this family that takes traffic, and the agents are"
                  + " told not to announce such ones",
              "see to its pods",
              endpoints(subject));
      case Outcome.NoLocalEndpoint() ->
          reason(
              Link.ENDPOINTS,
              policy(subject) + " is Local, and no endpoint on the node is ready",
              "see to its endpoints, or set " + policy(subject) + ": Cluster",
              endpoints(subject));
      case Outcome.NoAddress() -> noAddress(subject);
      case Outcome.Headless() ->
          reason(
              Link.SERVICE,
              "spec.clusterIP is None: no proxy forwards to it",
              "announce another Service in front of the same pods",
              get(subject));
      case Outcome.ExternalName() ->
          reason(
              Link.SERVICE,
              "spec.type is ExternalName: it is a name in DNS, and no proxy forwards to it",
              "give it another type",
              get(subject));
      case Outcome.OtherFamily() ->
          reason(
              Link.SERVICE,
              "spec.ipFamilies does not list the address's family: no proxy forwards to it",
              "set spec.ipFamilyPolicy: PreferDualStack, or choose an address of its family",
              get(subject));
      case Outcome.ProxiedAddress() ->
          reason(
              Link.SERVICE,
              "status.loadBalancer.ingress[].ipMode is Proxy: the load balancer keeps the traffic"
                  + " for itself",
              "leave it to that load balancer",
              get(subject));
      case Outcome.Hostname(var host) ->
          reason(
              Link.POOL,
              "status.loadBalancer.ingress has the host name " + host + " instead of an address",
              "leave it to the load balancer that wrote it",
              get(subject));
      case Outcome.NoInterface() ->
          reason(
              Link.NODE,
              "the node has no interface " + name(subject),
              "create it or correct the name in the advertisement",
              "");
      case Outcome.InterfaceDown(var adminUp, var state) ->
          reason(
              Link.NODE,
              "interface "
                  + name(subject)
                  + (adminUp
                      ? " is " + state.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                      : " is switched off"),
              "bring it up",
              "");
      case Outcome.UnreachableAddress(var kind) ->
          reason(
              Link.NODE,
              "the address is one that other hosts cannot reach: "
                  + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
              "nothing has to be done",
              "");
      case Outcome.NoPool() ->
          reason(
              Link.POOL,
              "there is no CiliumPodIPPool " + name(subject) + " any more",
              "create it",
              "kubectl get ciliumpodippools");
      case Outcome.OtherIpam() ->
          reason(
              Link.POOL,
              "pods get no addresses out of the Node's CIDR: the CiliumNode holds others",
              "nothing has to be done: those are announced",
              "kubectl get ciliumnode " + node + " -o yaml");
    };
  }

  private static Optional<Reason> reason(Link link, String what, String remedy, String next) {
    return Optional.of(new Reason(link, what, remedy, next));
  }

  private Reason noPeerConfig(Decision decision) {
    return new Reason(
        Link.PEER_CONFIG,
        "spec.bgpInstances[%s].peers[%s].peerConfigRef is missing, so that no advertisement reaches it"
            .formatted(decision.instance(), decision.peer()),
        "refer to a CiliumBGPPeerConfig whose families have advertisements",
        configured.author().map(Reasons::edit).orElse(""));
  }

  private Reason noFamily(Decision decision) {
    String family = decision.prefix().map(each -> each.family().toString()).orElse("its family");
    Optional<CiliumBGPPeerConfig> config =
        configured.peerConfig(decision.instance(), decision.peer());
    return new Reason(
        Link.FAMILY,
        config
                .map(each ->
                    "spec.families of CiliumBGPPeerConfig "
                        + each.getMetadata().getName()
                        + " has "
                        + Configured.families(each))
                .orElse("the peer config does not list it")
            + ", not "
            + family,
        "add the family, with the labels of its advertisements",
        config.map(Reasons::edit).orElse(""));
  }

  private Reason noAdvertisement(Decision decision) {
    Subject subject = decision.subject();
    Optional<CiliumBGPPeerConfig> config =
        configured.peerConfig(decision.instance(), decision.peer());
    Optional<AddressFamily> family = decision.prefix().map(Prefix::family);
    List<LabelSelector> selectors =
        config.map(each -> Configured.selectors(each, family)).orElse(List.of());
    for (Configured.Entry entry : configured.entries(subject).toList()) {
      boolean fits = !isLabelled(subject) || entry.selects(labels.apply(subject));
      if (fits && config.isPresent() && !selectors.isEmpty()) {
        List<Unmet> unmet = Unmet.of(selectors.getFirst(), entry.labels());
        return new Reason(
            Link.ADVERTISEMENT,
            "CiliumBGPAdvertisement %s would announce it, but metadata.labels: CiliumBGPPeerConfig %s %s"
                .formatted(
                    entry.advertisement(),
                    config.get().getMetadata().getName(),
                    Unmet.words(unmet, "the advertisement")),
            "correct the label of the advertisement, or families[].advertisements of the peer config",
            Unmet.labels(unmet)
                .map(each ->
                    "kubectl label ciliumbgpadvertisement %s %s --overwrite"
                        .formatted(entry.advertisement(), each))
                .orElse("kubectl edit ciliumbgpadvertisement " + entry.advertisement()));
      }
    }
    return new Reason(
        Link.ADVERTISEMENT,
        "no CiliumBGPAdvertisement that reaches the peer is about "
            + kind(subject)
            + config
                .map(each ->
                    "; CiliumBGPPeerConfig "
                        + each.getMetadata().getName()
                        + (selectors.isEmpty()
                            ? " selects none"
                            : " selects those with " + Unmet.words(selectors.getFirst())))
                .orElse(""),
        "write one, or add " + entry(subject) + " to one that reaches the peer",
        "kubectl get ciliumbgpadvertisements --show-labels");
  }

  private Reason notSelected(Decision decision, List<String> names) {
    List<String> words = new ArrayList<>();
    Optional<String> label = Optional.empty();
    String object = decision.subject() instanceof Subject.PodPool ? "the pool" : "the Service";
    for (Configured.Entry entry : configured.entries(names, decision.subject()).toList()) {
      if (entry.selector().isPresent()) {
        List<Unmet> unmet = Unmet.of(entry.selector().get(), labels.apply(decision.subject()));
        words.add(entry.advertisement() + " " + Unmet.words(unmet, object));
        label = label.or(() -> Unmet.labels(unmet));
      }
    }
    return new Reason(
        Link.ADVERTISEMENT,
        "no selector matches the labels of "
            + object
            + ": "
            + (words.isEmpty() ? String.join(", ", names) : String.join("; ", words)),
        "correct the labels of " + object + ", or the advertisement's selector",
        label
            .filter(_ -> decision.subject() instanceof Subject.ServiceAddress)
            .map(each -> label(decision.subject(), each))
            .orElse("kubectl edit ciliumbgpadvertisement " + names.getFirst()));
  }

  private Optional<Reason> noAddress(Subject subject) {
    return switch (subject) {
      case Subject.ServiceAddress _ ->
          reason(
              Link.POOL,
              "status.loadBalancer.ingress is empty: the Service has no address yet",
              "see its condition cilium.io/IPAMRequestSatisfied",
              describe(subject));
      case Subject.PodCidr() ->
          reason(
              Link.NODE,
              "spec.podCIDRs of the node is empty",
              "have whatever gives PodCIDRs to nodes give one to it",
              "kubectl get node " + node + " -o yaml");
      case Subject.PodPool(var pool) ->
          reason(
              Link.POOL,
              "no CIDR of pool " + pool + " is allocated to the node",
              "nothing has to be done until pods need one",
              "kubectl get ciliumnode " + node + " -o yaml");
      case Subject.Interface(var name) ->
          reason(Link.NODE, "interface " + name + " has no address", "give it one", "");
    };
  }

  private static boolean isLabelled(Subject subject) {
    return switch (subject) {
      case Subject.ServiceAddress _, Subject.PodPool _ -> true;
      case Subject.PodCidr _, Subject.Interface _ -> false;
    };
  }

  private static String policy(Subject subject) {
    return subject instanceof Subject.ServiceAddress(_, _, AddressType type)
            && type == AddressType.CLUSTER_IP
        ? "spec.internalTrafficPolicy"
        : "spec.externalTrafficPolicy";
  }

  private static String kind(Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> "PodCIDRs";
      case Subject.PodPool _ -> "pod IP pools";
      case Subject.Interface(var name) -> "interface " + name;
      case Subject.ServiceAddress(_, _, var type) -> "the " + type.text() + " of Services";
    };
  }

  private static String entry(Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> "advertisementType: PodCIDR";
      case Subject.PodPool _ -> "advertisementType: CiliumPodIPPool";
      case Subject.Interface _ -> "advertisementType: Interface";
      case Subject.ServiceAddress(_, _, var type) ->
          type.text() + " in service.addresses of advertisementType: Service";
    };
  }

  private static String name(Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> "";
      case Subject.PodPool(var pool) -> pool;
      case Subject.Interface(var name) -> name;
      case Subject.ServiceAddress(var namespace, var name, _) -> namespace + "/" + name;
    };
  }

  private static String service(Subject subject, String before, String after) {
    return subject instanceof Subject.ServiceAddress(var namespace, var name, _)
        ? before + " -n " + namespace + " " + name + after
        : "";
  }

  private static String get(Subject subject) {
    return service(subject, "kubectl get service", " -o yaml");
  }

  private static String describe(Subject subject) {
    return service(subject, "kubectl describe service", "");
  }

  private static String label(Subject subject, String labels) {
    return service(subject, "kubectl label service", " " + labels + " --overwrite");
  }

  private static String endpoints(Subject subject) {
    return subject instanceof Subject.ServiceAddress(var namespace, var name, _)
        ? "kubectl get endpointslices -n %s -l kubernetes.io/service-name=%s -o yaml"
            .formatted(namespace, name)
        : "";
  }

  private static String edit(ObjectRef object) {
    return "kubectl edit " + object.kind().toLowerCase(Locale.ROOT) + " " + object.name();
  }

  private static String edit(CiliumBGPPeerConfig config) {
    return "kubectl edit ciliumbgppeerconfig " + config.getMetadata().getName();
  }

  /** A subject in one word or two, for example {@code Service default/webpod}. */
  public static String text(Subject subject) {
    return switch (subject) {
      case Subject.PodCidr() -> "PodCIDR";
      case Subject.PodPool(var pool) -> "CiliumPodIPPool " + pool;
      case Subject.Interface(var name) -> "interface " + name;
      case Subject.ServiceAddress(var namespace, var name, var type) ->
          "Service " + namespace + "/" + name + " " + type.text();
    };
  }

  /** The address of a host prefix, else the prefix. */
  static String text(Prefix prefix) {
    return prefix.length() == prefix.family().maxLength()
        ? IpText.of(prefix.address())
        : prefix.toString();
  }
}
