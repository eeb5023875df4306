package dev.peerage.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write, held by one process of a cluster through the lease {@code peerage-operator}.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final String LEASE = "peerage-operator";

  private final String identity = identity();
  private final CompletableFuture<?> election;
  private volatile boolean closing;

  private Leadership(KubernetesClient client, String namespace, Runnable gained, Runnable lost) {
    log.info("Seeking the lease {}/{} as {}", namespace, LEASE, identity);
    election =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(LEASE)
                    .withLock(new LeaseLock(namespace, LEASE, identity))
                    .withLeaseDuration(Duration.ofSeconds(15))
                    .withRenewDeadline(Duration.ofSeconds(10))
                    .withRetryPeriod(Duration.ofSeconds(2))
                    .withReleaseOnCancel()
                    .withLeaderCallbacks(
                        new LeaderCallbacks(
                            () -> {
                              log.info("Leading: holding the lease {}/{}", namespace, LEASE);
                              gained.run();
                            },
                            () -> {
                              if (!closing) {
                                log.error(
                                    "Lost the lease {}/{}; ending, another operator takes over",
                                    namespace,
                                    LEASE);
                                lost.run();
                              }
                            },
                            leader ->
                                log.info("The leader is {}", leader == null ? "nobody" : leader)))
                    .build())
            .build()
            .start();
  }

  /**
   * Tries to become the leader, without end.
   *
   * @param gained called once, when this process has become the leader; must not block
   * @param lost called when it no longer is, unless by {@link #close}
   */
  public static Leadership seek(
      KubernetesClient client, String namespace, Runnable gained, Runnable lost) {
    return new Leadership(client, namespace, gained, lost);
  }

  /** Gives the lease up at once, so that another process need not wait for it to run out. */
  @Override
  public void close() {
    closing = true;
    boolean _ = election.cancel(true);
    try {
      var _ = election.get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | CancellationException _) {
      // It has ended or never will; either way the lease runs out by itself.
    }
  }

  private static String identity() {
    var host =
        Optional.ofNullable(System.getenv("HOSTNAME"))
            .orElseGet(() -> {
              try {
                return InetAddress.getLocalHost().getHostName();
              } catch (UnknownHostException _) {
                return "peerage";
              }
            });
    return host + "_" + UUID.randomUUID();
  }
}
