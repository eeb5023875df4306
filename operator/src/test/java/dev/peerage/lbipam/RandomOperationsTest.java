package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.IpamPlan.ServiceChange;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of operations in an order that a seed decides. The watch tells of them late and in any
 * order, writes arrive late or, when the Service has changed meanwhile, are refused. Now and then
 * the operator dies, with some of its writes done and others not, and another one takes over.
 */
class RandomOperationsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final List<String> SPECS =
      List.of(
          "",
          "",
          "loadBalancerIP: 10.0.0.5",
          "loadBalancerIP: 10.0.1.3",
          "loadBalancerClass: io.cilium/bgp-control-plane",
          "ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6]",
          "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4]");
  private static final List<String> POOLS =
      List.of(
          "blocks: [{cidr: 10.0.0.0/28}]",
          "blocks: [{cidr: 10.0.0.0/28}, {cidr: 10.0.2.0/29}]",
          "blocks: [{cidr: 10.0.0.0/28}], disabled: true",
          "blocks: [{cidr: 10.0.0.0/27}], allowFirstLastIPs: 'No'",
          "blocks: [{start: 10.0.1.1, stop: 10.0.1.20}], disabled: true",
          "blocks: [{cidr: 10.0.0.0/28}], serviceSelector: {matchLabels: {color: red}}",
          "blocks: [{start: 10.0.1.1, stop: 10.0.1.20}, {cidr: '2001:db8::/125'}]");

  private final IpamWorld world = new IpamWorld();
  private final Map<String, Service> seen = new TreeMap<>();
  private final Map<ServiceKey, List<Write>> underWay = new TreeMap<>();
  private Ledger ledger = new Ledger(Responsibility.DEFAULT);
  private Random random = new Random();
  private int losses;
  private int refused;

  /**
   * A write, and what was known when it was decided.
   *
   * @param promised what other Services have or are about to have
   */
  private record Write(
      ServiceChange change,
      List<Pool> pools,
      List<Service> others,
      Map<ServiceKey, Set<String>> promised) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noAddressIsGivenTwiceAndNoneIsTakenWithoutReason(long seed) {
    random = new Random(seed);
    world.pool("pool-0", POOLS.getFirst());
    for (var step = 0; step < 1000; step++) {
      operate(step);
      if (step % 30 == 29) {
        everythingArrives();
      } else {
        watchTells(0.7);
        decide();
        writesArrive(0.6);
      }
      assertThat(doubles(false)).as("step %d", step).isEmpty();
      if (random.nextInt(15) == 0) {
        takeOver();
      }
    }
    assertThat(losses).as("losses for a reason").isPositive();
    assertThat(refused).as("writes refused").isPositive();
  }

  private void operate(int step) {
    var names = List.copyOf(world.services.keySet());
    var name = names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
    switch (names.isEmpty() ? 9 : random.nextInt(16)) {
      case 0 ->
          world.pool(
              "pool-" + random.nextInt(2),
              "2026-01-0%dT00:00:00Z".formatted(1 + random.nextInt(3)),
              POOLS.get(random.nextInt(POOLS.size())));
      case 1 -> {
        if (world.pools.size() > 1) {
          world.deletePool("pool-1");
        }
      }
      case 2, 3, 4 -> world.delete(name);
      case 5 ->
          world.type(
              name,
              world.stored(name).getSpec().getType().equals("ClusterIP")
                  ? "LoadBalancer"
                  : "ClusterIP");
      case 6 -> world.change(name, it -> it.getSpec().setPorts(ports()));
      case 7 ->
          world.change(
              name,
              it ->
                  it.getMetadata()
                      .setLabels(Map.of("color", random.nextBoolean() ? "red" : "blue")));
      case 8 ->
          world.change(
              name,
              it ->
                  it.getSpec()
                      .setLoadBalancerIP(
                          random.nextBoolean() ? "" : "10.0.0." + random.nextInt(9)));
      case 10 -> world.wipe(name);
      case 11 -> world.ingress(name, "10.0.0." + random.nextInt(16));
      default -> {
        if (names.size() < 40) {
          world.service("s" + step, SPECS.get(random.nextInt(SPECS.size())));
          if (random.nextInt(3) == 0) {
            world.annotate(
                "s" + step, Map.of("lbipam.cilium.io/sharing-key", "key-" + random.nextInt(2)));
            world.change("s" + step, it -> it.getSpec().setPorts(ports()));
          }
        }
      }
    }
  }

  private List<ServicePort> ports() {
    return List.of(
        new ServicePortBuilder()
            .withPort(80 + random.nextInt(3))
            .withProtocol(random.nextBoolean() ? "TCP" : "UDP")
            .build());
  }

  /** Each change is told with this probability, else later. */
  private void watchTells(double probability) {
    var names = new TreeSet<>(world.services.keySet());
    names.addAll(seen.keySet());
    for (var name : names) {
      var now = world.services.get(name);
      if (now != seen.get(name) && random.nextDouble() < probability) {
        if (now == null) {
          seen.remove(name);
          ledger.gone(new ServiceKey("default", name));
        } else {
          seen.put(name, now);
          ledger.service(now);
        }
      }
    }
  }

  private void decide() {
    ledger.pools(List.copyOf(world.pools.values()));
    var changes = ledger.decide(NOW);
    var promised = new HashMap<ServiceKey, Set<String>>();
    world
        .services
        .keySet()
        .forEach(name -> promise(promised, new ServiceKey("default", name), world.addresses(name)));
    underWay.forEach((key, writes) -> promise(promised, key, writes.getLast().change.addresses()));
    changes.forEach((key, change) -> promise(promised, key, change.addresses()));
    var pools = List.copyOf(ledger.pools());
    changes.forEach((key, change) ->
        underWay
            .computeIfAbsent(key, _ -> new ArrayList<>())
            .add(new Write(change, pools, List.copyOf(seen.values()), promised)));
  }

  private static void promise(
      Map<ServiceKey, Set<String>> promised, ServiceKey key, List<String> addresses) {
    promised.computeIfAbsent(key, _ -> new HashSet<>()).addAll(addresses);
  }

  private void writesArrive(double probability) {
    for (var key : List.copyOf(underWay.keySet())) {
      if (random.nextDouble() < probability) {
        arrive(key, Objects.requireNonNull(underWay.remove(key)));
      }
    }
  }

  /**
   * The last one arrives, as at the API server: refused when the Service has changed or gone. Those
   * before it were replaced before they left.
   */
  private void arrive(ServiceKey key, List<Write> decided) {
    var write = decided.getLast();
    var service = world.services.get(key.name());
    if (service == null
        || !service.getMetadata().getResourceVersion().equals(write.change.resourceVersion())) {
      refused++;
      return;
    }
    for (var address : world.addresses(key.name())) {
      if (!write.change.addresses().contains(address)) {
        losses++;
        var ip = Ip.parse(address).orElseThrow();
        assertThat(decided)
            .as("%s loses %s: %s", key, address, service)
            .anyMatch(each -> mayLose(service, ip, each));
      }
    }
    world.write(new IpamPlan(new TreeMap<>(Map.of(key, write.change)), Map.of()));
  }

  /** Whether a rule says so. */
  private static boolean mayLose(Service service, Ip ip, Write write) {
    var claim = new Claim(service, Responsibility.DEFAULT);
    var wanted =
        claim.requested().isEmpty()
            ? claim.families().contains(ip.v6())
            : claim.requested().contains(ip);
    return !claim.isOurs()
        || !claim.given().contains(ip) // Somebody else has written it.
        || !wanted
        || write.pools.stream().noneMatch(pool -> pool.contains(ip) && pool.selects(claim.labels()))
        || write.others.stream()
            .filter(other -> !ServiceKey.of(other).equals(claim.key()))
            .map(other -> new Claim(other, Responsibility.DEFAULT))
            .anyMatch(other ->
                (other.held().contains(ip)
                        || write
                            .promised
                            .getOrDefault(other.key(), Set.of())
                            .contains(ip.toString()))
                    && claim.sharing().obstacle(other.sharing()).isPresent());
  }

  /** The watch catches up, all writes arrive, until there is nothing to do. */
  private void everythingArrives() {
    for (var round = 0; round < 6; round++) {
      watchTells(1);
      decide();
      writesArrive(1);
    }
    watchTells(1);
    decide();
    assertThat(underWay).as("nothing is left to do").isEmpty();
    assertThat(doubles(true)).isEmpty();
    world.services.values().forEach(this::hasWhatThereIs);
  }

  private void hasWhatThereIs(Service service) {
    var claim = new Claim(service, Responsibility.DEFAULT);
    var condition = claim.condition().map(it -> it.status() + " " + it.reason()).orElse("");
    if (!claim.isOurs() || isLeftAlone(claim)) {
      assertThat(condition).as("%s", claim.key()).isEmpty();
      assertThat(claim.given()).as("%s", claim.key()).isEmpty();
      return;
    }
    var missing = new ArrayList<Boolean>();
    if (claim.requested().isEmpty()) {
      for (var v6 : claim.families()) {
        if (claim.held().stream().noneMatch(ip -> ip.v6() == v6)) {
          missing.add(v6);
        }
      }
      assertThat(condition).as("%s", claim.key()).startsWith(missing.isEmpty() ? "True" : "False");
    } else {
      assertThat(claim.requested()).containsAll(claim.held());
    }
    for (var v6 : missing) {
      assertThat(
              ledger.pools().stream()
                  .filter(pool -> pool.gives() && pool.selects(claim.labels()))
                  .flatMap(pool -> pool.next(v6).stream()))
          .as("free addresses for %s", claim.key())
          .isEmpty();
    }
  }

  /** What somebody else has written stays where no pool has anything to give. */
  private boolean isLeftAlone(Claim claim) {
    return !claim.held().isEmpty()
        && claim.given().isEmpty()
        && ledger.pools().stream().noneMatch(pool -> pool.gives() && pool.selects(claim.labels()));
  }

  /**
   * The process dies; what it was writing arrives or not. The next one lists first, as a leader
   * does.
   */
  private void takeOver() {
    writesArrive(0.5);
    underWay.clear();
    ledger = new Ledger(Responsibility.DEFAULT);
    seen.clear();
    ledger.pools(List.copyOf(world.pools.values()));
    watchTells(1);
  }

  /**
   * Addresses that two Services have and must not share.
   *
   * @param calm nothing is under way; else a changed port may be news to the operator
   */
  private List<String> doubles(boolean calm) {
    var holders = new HashMap<String, List<Service>>();
    world
        .services
        .values()
        .forEach(service ->
            world
                .addresses(service.getMetadata().getName())
                .forEach(ip -> holders.computeIfAbsent(ip, _ -> new ArrayList<>()).add(service)));
    var doubles = new ArrayList<String>();
    holders.forEach((ip, services) -> {
      for (var one : services) {
        for (var other : services) {
          var sharing = Sharing.of(one);
          var sameKey = !sharing.key().isEmpty() && sharing.key().equals(Sharing.of(other).key());
          if (one != other
              && given(one, ip)
              && given(other, ip)
              && sharing.obstacle(Sharing.of(other)).isPresent()
              && (calm || !sameKey)) {
            doubles.add(ip + " " + ServiceKey.of(one) + " " + ServiceKey.of(other));
          }
        }
      }
    });
    return doubles;
  }

  /** Whether Peerage gave it, and not somebody else. */
  private static boolean given(Service service, String ip) {
    return new Claim(service, Responsibility.DEFAULT).given().contains(Ip.parse(ip).orElseThrow());
  }
}
