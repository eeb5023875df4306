package dev.peerage.agent;

import dev.peerage.agent.Inputs.Changes;
import dev.peerage.announce.NodePlanner;
import dev.peerage.bgp.export.ExportPolicy;
import dev.peerage.bgp.prefix.PrefixSet;
import dev.peerage.bgp.speaker.DesiredInstance;
import dev.peerage.bgp.speaker.DesiredPeer;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.bgp.speaker.Endpoint.Connection;
import dev.peerage.bgp.speaker.PeerState;
import dev.peerage.bgp.speaker.Shutdown;
import dev.peerage.bgp.speaker.Speaker;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.kube.ServiceKey;
import dev.peerage.kube.TrimmedStore;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a made-up Service through all that works on a real one, from the words of a watch to an
 * UPDATE that a router of its own reads, some dozens of times. A node hears of few Services in an
 * hour: without it the first ones would meet code that the JVM has not compiled yet, and take ten
 * times as long. What is real hears nothing of it; it has its own planner and speaker, and one
 * connection inside this host that lasts a moment.
 */
final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  /**
   * The JVM compiles what was called some dozens of times; the more it has to compile already, the
   * more often.
   */
  static final int ROUNDS = 200;

  /** After so many rounds it rests, so that what waits for the compiler is compiled. */
  private static final int BATCH = 25;

  private static final Duration REST = Duration.ofMillis(50);

  /** What takes longer is given up, so that nobody waits for it. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final String NODE = "warm-up";
  private static final ServiceKey SERVICE = new ServiceKey("default", "web");
  private static final long ASN = 65001;
  private static final long ROUTER = 65000;

  private final KubernetesSerialization json;
  private final TrimmedStore<Service> services = new TrimmedStore<>(Trimmed::service);
  private final Trimmed.Slices slices = new Trimmed.Slices(NODE);
  private final Changes changes = new Changes(() -> {});
  private final Watch.Handler<Service> onService =
      new Watch.Handler<>(
          services::trim, Trimmed::used, each -> changes.service(ServiceKey.of(each)));
  private final Watch.Handler<EndpointSlice> onSlice =
      new Watch.Handler<>(
          slices::trim, Trimmed::used, each -> changes.service(ServiceKey.ofOwner(each)));
  private final NodePlanner planner = new NodePlanner();

  private WarmUp(KubernetesSerialization json) {
    this.json = json;
  }

  /** One of a process, which needs it once whatever runs in it. */
  static final class Once {
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private final KubernetesSerialization json;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean done;

    /** Like {@link WarmUp#run}. */
    Once(KubernetesSerialization json) {
      this.json = json;
    }

    /** Begins it on a thread of its own; the second time it does nothing. */
    void start() {
      if (begun.getAndSet(true)) {
        return;
      }
      if (STARTED.getAndSet(true)) {
        done = true;
        return;
      }
      Thread.ofPlatform()
          .name("warm-up")
          .daemon()
          .start(() -> {
            try {
              log.debug("A made-up router has read {} UPDATEs", run(json));
            } finally {
              done = true;
            }
          });
    }

    boolean isDone() {
      return done;
    }
  }

  /**
   * Does it, on the calling thread, and lets nothing out of what may go wrong: a colder process is
   * a slower one.
   *
   * @param json how the client reads what the API server says
   * @return how many UPDATEs the made-up router has read; 0 when it did not come to that
   */
  static long run(KubernetesSerialization json) {
    try {
      return new WarmUp(json).rounds();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      log.debug("The first changes after the start will be slow", e);
      return 0;
    }
  }

  private long rounds()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    var address = (Inet4Address) InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    int port = freePort(address);
    Speaker router = Speaker.start(SpeakerSettings.defaults().untold());
    Speaker speaker = Speaker.start(SpeakerSettings.defaults().untold());
    try {
      var up = new CountDownLatch(1);
      router.onChange(() -> {
        if (established(router)) {
          up.countDown();
        }
      });
      await(router, router(address, port));
      planner.configuration(configuration(port));
      await(speaker, planner.plan().desired());
      if (!up.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new TimeoutException("no session inside this host");
      }
      for (int round = 0; round < ROUNDS; round++) {
        hear(onService, services, service(round));
        hear(onSlice, slices, slice(round));
        for (ServiceKey key : changes.take().services()) {
          planner.service(key, Optional.ofNullable(services.get(key.toString())), slices.of(key));
        }
        await(speaker, planner.plan().desired());
        if (round % BATCH == BATCH - 1) {
          Thread.sleep(REST);
        }
      }
      return updates(router);
    } finally {
      var _ = speaker.close(Shutdown.DECONFIGURE).completeOnTimeout(null, 1, TimeUnit.SECONDS);
      var _ = router.close(Shutdown.DECONFIGURE).completeOnTimeout(null, 1, TimeUnit.SECONDS);
    }
  }

  /** What an informer does with an event. */
  private <T extends HasMetadata> void hear(
      Watch.Handler<T> handler, TrimmedStore<T> store, String event) {
    @SuppressWarnings("unchecked") // it is of the kind that the words say
    var object = (T) json.unmarshal(event, WatchEvent.class).getObject();
    String key = store.getKey(object);
    T before = store.put(key, object);
    if (before == null) {
      handler.onAdd(object);
    } else {
      handler.onUpdate(before, object);
    }
  }

  private static void await(Speaker speaker, DesiredSpeaker desired)
      throws InterruptedException, ExecutionException, TimeoutException {
    speaker.apply(desired).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static boolean established(Speaker router) {
    return router.state().instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .anyMatch(peer -> peer.phase() instanceof PeerState.Phase.Up);
  }

  private static long updates(Speaker router) {
    return router.state().instances().stream()
        .flatMap(instance -> instance.peers().stream())
        .mapToLong(peer -> peer.received().updates())
        .sum();
  }

  private static int freePort(InetAddress address) throws IOException {
    try (var socket = new ServerSocket(0, 1, address)) {
      return socket.getLocalPort();
    }
  }

  private static DesiredSpeaker router(Inet4Address address, int port) {
    return new DesiredSpeaker(
        List.of(
            new DesiredInstance(
                "router",
                ROUTER,
                address,
                new DesiredInstance.Listen.On(address, port),
                List.of(
                    DesiredPeer.of(NODE, address, ASN)
                        .withEndpoint(it -> it.withConnection(Connection.PASSIVE))
                        .withImportPolicy(DesiredPeer.ImportPolicy.ACCEPT)
                        .withExportPolicy(new ExportPolicy.All())),
                PrefixSet.of(List.of()))));
  }

  private NodeSnapshot configuration(int port) {
    return new NodeSnapshot(
        json.unmarshal(
            """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"warm-up"},"spec":{"podCIDRs":["192.0.2.128/25"]},
             "status":{"addresses":[{"type":"InternalIP","address":"127.0.0.2"}]}}
            """,
            Node.class),
        List.of(
            json.unmarshal(
                """
                {"apiVersion":"cilium.io/v2","kind":"CiliumBGPNodeConfig","metadata":{"name":"warm-up"},"spec":{"bgpInstances":[
                 {"name":"warm-up","localASN":%d,"routerID":"127.0.0.2","peers":[{"name":"router","peerASN":%d,
                  "peerAddress":"127.0.0.1","peerConfigRef":{"name":"router"}}]}]}}
                """
                    .formatted(ASN, ROUTER),
                CiliumBGPNodeConfig.class)),
        List.of(
            json.unmarshal(
                """
                {"apiVersion":"cilium.io/v2","kind":"CiliumBGPPeerConfig","metadata":{"name":"router"},"spec":{
                 "transport":{"peerPort":%d},"families":[{"afi":"ipv4","safi":"unicast","advertisements":{"matchLabels":{"a":"b"}}}]}}
                """
                    .formatted(port),
                CiliumBGPPeerConfig.class)),
        List.of(
            json.unmarshal(
                """
                {"apiVersion":"cilium.io/v2","kind":"CiliumBGPAdvertisement","metadata":{"name":"all","labels":{"a":"b"}},"spec":{
                 "advertisements":[{"advertisementType":"PodCIDR"},{"advertisementType":"Service","selector":{"matchExpressions":[
                  {"key":"app","operator":"In","values":["web"]}]},"service":{"addresses":["LoadBalancerIP","ClusterIP"]},
                  "attributes":{"communities":{"standard":["65001:1"]}}}]}}
                """,
                CiliumBGPAdvertisement.class)),
        List.of(),
        List.of(),
        NodeContext.NONE);
  }

  /** With another address in every second round, without one in the others. */
  private static String service(int round) {
    return """
    {"type":"MODIFIED","object":{"kind":"Service","apiVersion":"v1","metadata":{"name":"web","namespace":"default","uid":"u",
     "resourceVersion":"%d","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"web"},"annotations":{"a":"b"},"managedFields":[
      {"manager":"m","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{}}}]},
     "spec":{"ports":[{"protocol":"TCP","port":80,"targetPort":80,"nodePort":30080}],"selector":{"app":"web"},
      "clusterIP":"192.0.2.100","clusterIPs":["192.0.2.100"],"type":"LoadBalancer","sessionAffinity":"None","externalTrafficPolicy":"Local",
      "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","allocateLoadBalancerNodePorts":true,"internalTrafficPolicy":"Cluster"},
     "status":{"loadBalancer":{%s}}}}
    """
        .formatted(
            round,
            round % 2 == 0 ? "\"ingress\":[{\"ip\":\"192.0.2.%d\"}]".formatted(1 + round) : "");
  }

  private static String slice(int round) {
    return """
    {"type":"MODIFIED","object":{"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"web-x","namespace":"default",
     "resourceVersion":"%d","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4","endpoints":[
      {"addresses":["192.0.2.129"],"conditions":{"ready":%s,"serving":true,"terminating":false},"nodeName":"warm-up",
       "targetRef":{"kind":"Pod","namespace":"default","name":"web-x","uid":"u"}}],"ports":[{"name":"","port":80,"protocol":"TCP"}]}}
    """
        .formatted(round, round % 4 < 3);
  }
}
