package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of operations in an order that a seed decides, with restarts of the operator between
 * them: after some only a part of the writes has been done, or a write arrives after the process
 * that sent it has gone.
 */
class RandomOperationsTest {
  private static final List<String> SPECS =
      List.of(
          "",
          "",
          "loadBalancerIP: 10.0.0.5",
          "loadBalancerClass: io.cilium/bgp-control-plane",
          "ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6]",
          "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6, IPv4]");
  private static final List<String> POOLS =
      List.of(
          "blocks: [{cidr: 10.0.0.0/28}]",
          "blocks: [{cidr: 10.0.0.0/28}, {cidr: 10.0.2.0/29}]",
          "blocks: [{cidr: 10.0.0.0/27}], allowFirstLastIPs: 'No'",
          "blocks: [{start: 10.0.1.1, stop: 10.0.1.20}], disabled: true",
          "blocks: [{start: 10.0.1.1, stop: 10.0.1.20}, {cidr: '2001:db8::/125'}]");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noAddressIsGivenTwiceAndNoneIsTakenAway(long seed) {
    var random = new Random(seed);
    var world = new IpamWorld();
    world.pool("pool-0", POOLS.get(0));
    var mayLose = false;
    for (var step = 0; step < 1500; step++) {
      mayLose |= operate(world, random, step);
      var before = addresses(world);
      var plan = world.plan();
      switch (random.nextInt(12)) {
        case 0 -> world.restart();
        case 1 -> {
          // The process dies between two writes; the next one plans anew.
          if (plan.services().size() > 1) {
            var survivors = new TreeMap<>(plan.services().headMap(plan.services().lastKey()));
            world.write(new IpamPlan(survivors, plan.pools()));
          }
          world.restart();
        }
        default -> world.write(plan);
      }
      assertThat(doubles(world)).as("seed %d, step %d", seed, step).isEmpty();
      if (!mayLose) {
        before.forEach((name, had) -> assertThat(world.addresses(name)).as(name).containsAll(had));
      }
    }
  }

  /** One random change; true when it may cost Services their addresses. */
  private static boolean operate(IpamWorld world, Random random, int step) {
    var names = List.copyOf(world.services.keySet());
    return switch (random.nextInt(12)) {
      case 0 -> {
        world.pool(
            "pool-" + random.nextInt(2),
            "2026-01-0%dT00:00:00Z".formatted(1 + random.nextInt(3)),
            POOLS.get(random.nextInt(POOLS.size())));
        yield true;
      }
      case 1, 2, 3 -> {
        if (!names.isEmpty()) {
          world.delete(names.get(random.nextInt(names.size())));
        }
        yield false;
      }
      case 4 -> {
        if (!names.isEmpty()) {
          var name = names.get(random.nextInt(names.size()));
          world.type(
              name,
              world.stored(name).getSpec().getType().equals("ClusterIP")
                  ? "LoadBalancer"
                  : "ClusterIP");
        }
        yield true;
      }
      default -> {
        if (names.size() < 40) {
          world.service("s" + step, SPECS.get(random.nextInt(SPECS.size())));
          if (random.nextInt(3) == 0) {
            world.annotate(
                "s" + step, Map.of("lbipam.cilium.io/sharing-key", "key-" + random.nextInt(2)));
            shares(world, "s" + step, random);
          }
        }
        yield false;
      }
    };
  }

  private static Map<String, List<String>> addresses(IpamWorld world) {
    var addresses = new HashMap<String, List<String>>();
    world.services.keySet().forEach(name -> addresses.put(name, world.addresses(name)));
    return addresses;
  }

  private static void shares(IpamWorld world, String name, Random random) {
    world.change(
        name,
        service ->
            service
                .getSpec()
                .setPorts(
                    List.of(
                        new ServicePortBuilder()
                            .withPort(80 + random.nextInt(3))
                            .withProtocol(random.nextBoolean() ? "TCP" : "UDP")
                            .build())));
  }

  /** Addresses that two Services have and must not share. */
  private static List<String> doubles(IpamWorld world) {
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
          if (one != other && Sharing.of(one).obstacle(Sharing.of(other)).isPresent()) {
            doubles.add(ip + " " + ServiceKey.of(one) + " " + ServiceKey.of(other));
          }
        }
      }
    });
    return doubles;
  }
}
