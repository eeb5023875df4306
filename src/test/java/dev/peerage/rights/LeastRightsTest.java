package dev.peerage.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.proof.Rounds;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operator, agent and the Jobs of the chart under exactly the rights that it gives: none of their
 * requests is refused, each right is needed, and without it something is.
 */
@Tag("cluster")
@Tag("proof")
final class LeastRightsTest {
  private static final Ground GROUND = new Ground();

  /** Of the parts that run; the reader's role is for people, and bound to nobody. */
  private static List<Grant> grants() {
    return Grant.all(GROUND.server().chart()).stream()
        .filter(grant -> !grant.account().equals("peerage-reader"))
        .toList();
  }

  private static List<Grant> unused(String account) {
    List<AuditLog.Request> requests = GROUND.audit().requests();
    return grants().stream()
        .filter(grant -> grant.account().equals(account))
        .filter(grant -> requests.stream().noneMatch(grant::isUsedBy))
        .toList();
  }

  private static Stream<AuditLog.Request> refused(String account) {
    return GROUND.audit().requests().stream()
        .filter(request -> request.account().equals(account) && request.isRefused());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"peerage-operator", "peerage-agent", "peerage-migration", "peerage-uninstall"})
  void eachRightIsUsedAndNothingElseIsAskedFor(String account) {
    GROUND.audit().forget();
    // A second start finds what the first has written, such as Events.
    boolean[] once = {false};
    try {
      GROUND.run(account, () -> unused(account).size() <= 1);
      once[0] = true;
      GROUND.run(account, () -> unused(account).isEmpty());
    } catch (RuntimeException e) {
      throw new AssertionError("run " + (once[0] ? 2 : 1) + ": never used: " + unused(account), e);
    }
    assertThat(unused(account)).as("rights that nothing uses").isEmpty();
    assertThat(refused(account)).as("requests that were refused").isEmpty();
  }

  /** All of them in the whole proof; else those that differ in how they are missed. */
  static Stream<Grant> removed() {
    List<String> few =
        List.of(
            "peerage-operator may patch leases.coordination.k8s.io peerage-operator in"
                + " peerage-system",
            "peerage-operator may create ciliumbgpnodeconfigs.cilium.io",
            "peerage-operator may list secrets in peerage-system",
            "peerage-agent may patch ciliumbgpnodeconfigs/status.cilium.io",
            "peerage-agent may watch customresourcedefinitions.apiextensions.k8s.io"
                + " ciliumnodes.cilium.io",
            "peerage-migration may patch ciliumbgppeerconfigs.cilium.io",
            "peerage-uninstall may list ciliumbgpnodeconfigs.cilium.io");
    List<Grant> removed =
        Rounds.of(0, 1) == 1
            ? grants()
            : grants().stream().filter(grant -> few.contains(grant.toString())).toList();
    assertThat(removed).hasSizeGreaterThanOrEqualTo(few.size());
    return removed.stream();
  }

  @ParameterizedTest
  @MethodSource("removed")
  void withoutARightSomethingIsRefused(Grant grant) throws Exception {
    try (AutoCloseable _ = grant.remove(GROUND.server().client())) {
      GROUND.audit().forget();
      BooleanSupplier missed = () -> refused(grant.account()).findAny().isPresent();
      GROUND.run(grant.account(), missed);
    }
  }

  @Test
  void theRightsOfAllPartsAreKnown() {
    assertThat(grants())
        .extracting(Grant::account)
        .containsOnly(
            "peerage-operator", "peerage-agent", "peerage-migration", "peerage-uninstall");
  }
}
