package dev.peerage.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.announce.NodePlan;
import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.kube.RetryPolicy;
import dev.peerage.peering.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentLoopTest {
  private static final NodePlan NOTHING =
      new NodePlan(DesiredSpeaker.NOTHING, List.of(), List.of());

  private final Rounds rounds = new Rounds();
  private final AgentLoop loop =
      new AgentLoop(rounds, new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2)));

  @AfterEach
  void stop() throws InterruptedException {
    loop.stop();
  }

  @Test
  void plansNothingAndIsNotReadyUntilEverythingIsKnown() {
    rounds.plan = Optional.empty();
    loop.start();
    loop.signal();
    soon().until(() -> rounds.planned.get() == 1);
    assertThat(loop.ready()).isFalse();
    rounds.plan = Optional.of(NOTHING);
    loop.signal();
    soon().until(loop::ready);
    assertThat(rounds.applied).containsExactly(NOTHING);
  }

  @Test
  void signalsDuringARoundCostOneMoreRound() throws InterruptedException {
    rounds.hold = new CountDownLatch(1);
    loop.start();
    loop.signal();
    rounds.entered.acquire();
    for (int i = 0; i < 1000; i++) {
      loop.signal();
    }
    rounds.hold.countDown();
    soon().until(() -> rounds.applied.size() == 2);
    assertThat(rounds.planned).hasValue(2);
  }

  @Test
  void aFailedRoundIsRepeatedWithoutASignalAndIsNotReady() {
    rounds.failures.set(2);
    loop.start();
    loop.signal();
    soon().until(loop::ready);
    assertThat(rounds.planned).hasValue(3);
    assertThat(rounds.applied).hasSize(1);
  }

  @Test
  void anErrorFailsTheRoundAndNotTheLoop() {
    rounds.errors.set(2);
    loop.start();
    loop.signal();
    soon().until(loop::ready);
    assertThat(rounds.planned).hasValue(3);
    assertThat(loop.alive()).isTrue();
  }

  @Test
  void itTellsWhetherARoundIsUnderWay() throws InterruptedException {
    assertThat(loop.progress()).isEqualTo(new AgentLoop.Progress(false, 0));
    rounds.hold = new CountDownLatch(1);
    loop.start();
    loop.signal();
    rounds.entered.acquire();
    assertThat(loop.progress()).isEqualTo(new AgentLoop.Progress(true, 1));

    rounds.hold.countDown();
    soon().until(() -> loop.progress().equals(new AgentLoop.Progress(false, 1)));
  }

  @Test
  void problemsAreToldOnceWhenTheyAriseAndOnceWhenTheyAreSolved() {
    Problem one = problem("one");
    Problem two = problem("two");
    loop.start();
    for (List<Problem> problems :
        List.of(List.of(one), List.of(one), List.of(one, two), List.<Problem>of())) {
      int round = rounds.applied.size();
      rounds.plan = Optional.of(new NodePlan(DesiredSpeaker.NOTHING, problems, List.of()));
      loop.signal();
      soon().until(() -> rounds.applied.size() == round + 1);
    }
    assertThat(rounds.told)
        .containsExactly(
            List.of(List.of(one), List.of()),
            List.of(List.of(two), List.of()),
            List.of(List.of(), List.of(one, two)));
  }

  private static Problem problem(String service) {
    return new Problem(
        new Problem.ObjectRef("Service", "default", service), "spec", "what", "remedy");
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(30));
  }

  private static final class Rounds implements AgentLoop.Round {
    volatile Optional<NodePlan> plan = Optional.of(NOTHING);
    volatile CountDownLatch hold = new CountDownLatch(0);
    final Semaphore entered = new Semaphore(0);
    final AtomicInteger planned = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger errors = new AtomicInteger();
    final List<NodePlan> applied = new CopyOnWriteArrayList<>();
    final List<List<List<Problem>>> told = new CopyOnWriteArrayList<>();

    @Override
    public Optional<NodePlan> plan() {
      planned.incrementAndGet();
      entered.release();
      try {
        hold.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new StackOverflowError("planted error");
      }
      return plan;
    }

    @Override
    public void problemsChanged(List<Problem> arisen, List<Problem> solved) {
      told.add(List.of(arisen, solved));
    }

    @Override
    public void apply(NodePlan plan) {
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("planted failure");
      }
      applied.add(plan);
    }
  }
}
