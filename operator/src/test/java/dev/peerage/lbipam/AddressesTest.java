package dev.peerage.lbipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.crd.v2.Condition;
import dev.peerage.crd.v2.ConditionsStatus;
import dev.peerage.kube.ServiceKey;
import dev.peerage.lbipam.Addresses.News;
import dev.peerage.lbipam.Addresses.PoolWrite;
import dev.peerage.lbipam.Addresses.ServiceWrite;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngressBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a decision is written, and which news counts. Time is what the test says. */
class AddressesTest {
  private static final String POOL = "blocks: [{cidr: 10.0.0.0/30}]";
  private static final Next.Nothing<ServiceWrite> NOTHING = new Next.Nothing<>();

  private final Addresses addresses = new Addresses(Responsibility.DEFAULT);
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");
  private long version = 100;

  @BeforeEach
  void fill() {
    addresses.fill(new IpamSnapshot(List.of(), List.of()), version, version, now);
  }

  @Test
  void anAddressIsWrittenAtOnce() {
    tell(pool("p", POOL));
    tell(service("a", ""));

    assertThat(written("a")).isEqualTo("10.0.0.0 True satisfied");
  }

  @Test
  void nothingIsSaidOfAServiceBeforeItsPoolIsHeardOf() {
    tell(service("a", ""));
    tell(pool("other", "blocks: [{cidr: 10.9.0.0/30}], serviceSelector: {matchLabels: {x: y}}"));

    assertThat(next("a")).isEqualTo(new Next.Later<>(Addresses.SETTLE));
    passes(Addresses.SETTLE.minusMillis(1));
    assertThat(next("a")).isEqualTo(new Next.Later<>(Duration.ofMillis(1)));
    var news = tell(pool("p", POOL));

    assertThat(news.services()).containsExactly(key("a"));
    assertThat(written("a")).isEqualTo("10.0.0.0 True satisfied");
  }

  @Test
  void aRefusalIsWrittenOnceItHasStood() {
    tell(pool("p", "blocks: [{cidr: 10.0.0.0/32}]"));
    tell(service("a", ""));
    store("a", written("a"));
    tell(service("b", ""));
    passes(Addresses.SETTLE.dividedBy(2));
    var touched = tell(relabelled("b")); // Another version is no reason to wait longer.
    assertThat(touched).isEqualTo(News.NONE);
    passes(Addresses.SETTLE.dividedBy(2));

    assertThat(written("b")).startsWith(" False out_of_ips");
  }

  @Test
  void aRefusalForAnotherReasonStandsAnew() {
    tell(pool("p", POOL));
    tell(service("a", "loadBalancerIP: 10.9.0.9"));
    passes(Addresses.SETTLE);
    assertThat(written("a")).startsWith(" False no_pool");
    store("a", " False no_pool no enabled pool contains 10.9.0.9");
    tell(pool("q", "blocks: [{cidr: 10.9.0.0/16}], serviceSelector: {matchLabels: {x: y}}"));

    assertThat(next("a")).isEqualTo(new Next.Later<>(Addresses.SETTLE));
    passes(Addresses.SETTLE);
    assertThat(written("a")).startsWith(" False pool_selector_mismatch");
  }

  @Test
  void whatItGetsIsWrittenBeforeWhatItLacksIsCertain() {
    tell(pool("p", POOL));
    tell(annotated("a", "10.0.0.1,10.9.0.9"));

    var write = (Next.Write<ServiceWrite>) next("a");
    assertThat(write.what().change().addresses()).containsExactly("10.0.0.1");
    assertThat(write.what().judged()).isFalse();
    store("a", "10.0.0.1");
    assertThat(next("a")).isEqualTo(new Next.Later<>(Addresses.SETTLE));
    passes(Addresses.SETTLE);

    assertThat(written("a")).startsWith("10.0.0.1 False no_pool");
  }

  @Test
  void aPoolThatIsReplacedTakesNothingAway() {
    var pool = pool("p", POOL);
    tell(pool);
    tell(pool("z", "blocks: [{cidr: 10.9.0.0/30}], serviceSelector: {matchLabels: {x: y}}"));
    tell(service("a", ""));
    store("a", written("a"));
    var _ = addresses.gone(pool, now);
    assertThat(next("a")).isEqualTo(new Next.Later<>(Addresses.SETTLE));
    passes(Duration.ofSeconds(1));
    tell(pool("p", POOL));
    passes(Addresses.SETTLE);

    assertThat(next("a")).isEqualTo(NOTHING);

    var _ = addresses.gone(pool("p", POOL), now); // Has another uid: not the one that is there.
    passes(Addresses.SETTLE);
    assertThat(next("a")).isEqualTo(NOTHING);
  }

  @Test
  void aVersionIsWrittenAgainstOnce() {
    tell(pool("p", POOL));
    tell(service("a", ""));
    var write = ((Next.Write<ServiceWrite>) next("a")).what();
    addresses.written(key("a"), write);
    passes(Duration.ofMinutes(1));
    assertThat(next("a")).as("the watch will tell").isEqualTo(NOTHING);

    tell(relabelled("a"));
    var change = ((Next.Write<ServiceWrite>) next("a")).what().change();
    var delay = addresses.overtaken(key("a"), change, now);
    assertThat(next("a")).isEqualTo(new Next.Later<>(delay));
    passes(delay);
    assertThat(next("a")).as("the watch has told nothing").isInstanceOf(Next.Write.class);
  }

  @Test
  void laterDecisionsThatDifferInTimeOnlyAreOne() {
    tell(pool("p", POOL));
    tell(service("a", ""));
    var first = next("a");
    passes(Duration.ofSeconds(3));
    tell(pool("q", "blocks: [{cidr: 10.1.0.0/30}]")); // Has all Services decided anew.

    assertThat(next("a")).isEqualTo(first);
  }

  @Test
  void olderNewsIsNone() {
    tell(pool("p", POOL));
    tell(service("a", ""));
    store("a", written("a"));
    var old = service("a", "");
    old.getMetadata().setResourceVersion("101");
    tell(old);
    assertThat(next("a")).isEqualTo(NOTHING);

    var deletedBeforeTheList = service("b", "");
    deletedBeforeTheList.getMetadata().setResourceVersion("99");
    tell(deletedBeforeTheList);
    assertThat(next("b")).isEqualTo(NOTHING);

    var _ = addresses.gone(service("a", ""), now); // Has another uid.
    tell(service("c", "loadBalancerIP: 10.0.0.0"));
    passes(Addresses.SETTLE);
    assertThat(written("c")).contains("already_allocated");
  }

  @Test
  void aServiceThatGoesWakesTheOneThatWaits() {
    tell(pool("p", "blocks: [{cidr: 10.0.0.0/32}]"));
    tell(service("a", ""));
    store("a", written("a"));
    var a = stored;
    tell(service("b", ""));
    var news = addresses.gone(a, now);

    assertThat(news.services()).containsExactly(key("b"));
    assertThat(written("b")).startsWith("10.0.0.0 True");
  }

  @Test
  void poolsAreReportedOnceTheySettleAndOnceASecond() {
    var pool = pool("p", POOL);
    tell(pool);
    assertThat(addresses.next("p", now)).isEqualTo(new Next.Later<>(Addresses.SETTLE));
    passes(Addresses.SETTLE);
    var news = tell(service("a", ""));
    assertThat(news.pools()).containsExactly("p");

    var write = ((Next.Write<PoolWrite>) addresses.next("p", now)).what();
    assertThat(write.conditions()).extracting(Condition::message).contains("4", "3", "1");
    addresses.reported("p", now);
    assertThat(addresses.next("p", now)).isEqualTo(new Next.Later<>(Addresses.REPORT_INTERVAL));
    pool.setStatus(new ConditionsStatus(write.conditions()));
    pool.getMetadata().setResourceVersion(Long.toString(++version));
    tell(pool);
    assertThat(addresses.next("p", now)).isEqualTo(new Next.Nothing<>());

    tell(service("b", ""));
    assertThat(addresses.next("p", now)).isEqualTo(new Next.Later<>(Addresses.REPORT_INTERVAL));
    passes(Addresses.REPORT_INTERVAL);
    assertThat(addresses.next("p", now)).isInstanceOf(Next.Write.class);
  }

  /** Pools and Services of one {@code kubectl apply}, heard of in any order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsAppliedTogetherIsJudgedTogether(long seed) {
    var random = new Random(seed);
    List<Runnable> objects = new ArrayList<>();
    List.of(
            pool("p4", "blocks: [{cidr: 10.0.0.0/28}]"),
            pool("p6", "blocks: [{cidr: '2001:db8::/124'}]"),
            pool("red", "blocks: [{cidr: 10.1.0.0/28}], serviceSelector: {matchLabels: {c: red}}"))
        .forEach(it -> objects.add(() -> tell(it)));
    var names = List.of("any", "v6", "both", "asks", "red");
    List.of(
            service("any", ""),
            service("v6", "ipFamilies: [IPv6]"),
            service("both", "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4, IPv6]"),
            service("asks", "loadBalancerIP: 10.0.0.9"),
            new ServiceBuilder(service("red", "loadBalancerIP: 10.1.0.9"))
                .editMetadata()
                .addToLabels("c", "red")
                .endMetadata()
                .build())
        .forEach(it -> objects.add(() -> tell(it)));
    java.util.Collections.shuffle(objects, random);

    for (var object : objects) {
      object.run();
      for (var name : names) {
        if (next(name) instanceof Next.Write<ServiceWrite>(var write)) {
          assertThat(write.judged() && isRefusal(write.change().condition())).as(name).isFalse();
        }
      }
      passes(Duration.ofMillis(random.nextInt(500)));
    }
    for (var name : names) {
      assertThat(written(name)).as(name).contains(" True satisfied");
    }
  }

  private Service stored = new Service();

  private News tell(Service service) {
    stored = service;
    return addresses.service(service, now);
  }

  private News tell(CiliumLoadBalancerIPPool pool) {
    return addresses.pool(pool, now);
  }

  private void passes(Duration time) {
    now = now.plus(time);
  }

  private Next<ServiceWrite> next(String name) {
    return addresses.next(key(name), now);
  }

  private static ServiceKey key(String name) {
    return new ServiceKey("default", name);
  }

  /** What is to be written now: addresses, and the condition's status, reason and message. */
  private String written(String name) {
    assertThat(next(name)).as(name).isInstanceOf(Next.Write.class);
    var change = ((Next.Write<ServiceWrite>) next(name)).what().change();
    var condition = change.condition();
    return String.join(",", change.addresses())
        + (condition == null
            ? ""
            : (" " + condition.status() + " " + condition.reason() + " " + condition.message())
                .stripTrailing());
  }

  /** The last Service told of gets this status, and the watch tells. */
  private void store(String name, String text) {
    assertThat(stored.getMetadata().getName()).isEqualTo(name);
    var words = text.split(" ", 4);
    var builder = new ServiceBuilder(stored).editOrNewStatus().withNewLoadBalancer();
    for (var ip : words[0].split(",")) {
      if (!ip.isEmpty()) {
        builder = builder.addToIngress(new LoadBalancerIngressBuilder().withIp(ip).build());
      }
    }
    var status = builder.endLoadBalancer();
    if (words.length > 1) {
      status =
          status.withConditions(
              new ConditionBuilder()
                  .withType(Claim.SATISFIED)
                  .withStatus(words[1])
                  .withReason(words[2])
                  .withMessage(words.length > 3 ? words[3] : "")
                  .withLastTransitionTime("2026-03-01T00:00:00Z")
                  .build());
    }
    tell(next(status.endStatus().build()));
  }

  private Service next(Service service) {
    return new ServiceBuilder(service)
        .editMetadata()
        .withResourceVersion(Long.toString(++version))
        .endMetadata()
        .build();
  }

  private Service relabelled(String name) {
    assertThat(stored.getMetadata().getName()).isEqualTo(name);
    return next(
        new ServiceBuilder(stored)
            .editMetadata()
            .addToLabels("new", "label")
            .endMetadata()
            .build());
  }

  private Service annotated(String name, String ips) {
    return new ServiceBuilder(service(name, ""))
        .editMetadata()
        .addToAnnotations("lbipam.cilium.io/ips", ips)
        .endMetadata()
        .build();
  }

  private Service service(String name, String spec) {
    version++;
    return Serialization.unmarshal(
        """
        metadata: {name: %s, namespace: default, uid: uid-%d, resourceVersion: '%d',
          creationTimestamp: '%s'}
        spec: {type: LoadBalancer%s}
        """
            .formatted(name, version, version, now, spec.isEmpty() ? "" : ", " + spec),
        Service.class);
  }

  private CiliumLoadBalancerIPPool pool(String name, String spec) {
    version++;
    return Serialization.unmarshal(
        """
        metadata: {name: %s, generation: 1, uid: uid-%d, resourceVersion: '%d',
          creationTimestamp: '2026-01-01T00:00:00Z'}
        spec: {%s}
        """
            .formatted(name, version, version, spec),
        CiliumLoadBalancerIPPool.class);
  }

  private static boolean isRefusal(@Nullable Condition condition) {
    return condition != null && condition.status().equals("False");
  }
}
