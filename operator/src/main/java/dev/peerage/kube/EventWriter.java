package dev.peerage.kube;

import dev.peerage.kube.EventBook.Due;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an Event for each warning. Events are a help for people: whatever goes wrong with them is
 * logged once and tried again, and nothing else depends on it.
 */
public final class EventWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

  /** Where Events about objects without namespace are. */
  private static final String NAMESPACE = "default";

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int LONGEST_INSTANCE = 128;

  private final KubernetesClient client;
  private final String controller;
  private final String instance;
  private final InstantSource clock;
  private final EventBook book;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService executor;
  private @Nullable Future<?> planned;
  private boolean failing;
  private volatile Set<Warning> given = Set.of();
  private final Map<String, Set<Warning>> byObject = new HashMap<>();

  /**
   * A writer without warnings.
   *
   * @param controller {@code agent} or {@code operator}
   * @param instance the name of the node or pod
   */
  public EventWriter(
      KubernetesClient client, String controller, String instance, InstantSource clock) {
    this(client, controller, instance, clock, EventBook.SETTLE);
  }

  EventWriter(
      KubernetesClient client,
      String controller,
      String instance,
      InstantSource clock,
      Duration settle) {
    this.client = client;
    this.controller = controller;
    this.instance =
        instance.length() > LONGEST_INSTANCE ? instance.substring(0, LONGEST_INSTANCE) : instance;
    this.clock = clock;
    this.book = new EventBook(settle);
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("events").daemon().factory());
  }

  /** These are the warnings about an object now; those about others stay. Any thread. */
  public void keep(HasMetadata object, Set<Warning> warnings) {
    keep("", object, warnings);
  }

  /**
   * These are the warnings about an object now as far as one topic goes; those of others, and those
   * that are given without one, stay. Any thread.
   */
  public synchronized void keep(String topic, HasMetadata object, Set<Warning> warnings) {
    String name =
        String.join(
            " ",
            topic,
            object.getKind(),
            Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
            object.getMetadata().getName());
    Set<Warning> before =
        warnings.isEmpty() ? byObject.remove(name) : byObject.put(name, Set.copyOf(warnings));
    // There are many objects, and most have no warning.
    if (!warnings.equals(Objects.requireNonNullElse(before, Set.of()))
        || !given.containsAll(warnings)) {
      keep(byObject.values().stream().flatMap(Set::stream).collect(Collectors.toSet()));
    }
  }

  /** These are the warnings now, all of them. Any thread; never blocks. */
  public void keep(Set<Warning> warnings) {
    if (warnings.equals(given)) {
      return;
    }
    Set<Warning> copy = Set.copyOf(warnings);
    given = copy;
    try {
      var _ =
          executor.submit(() -> {
            book.keep(copy, elapsed());
            run();
          });
    } catch (RejectedExecutionException e) {
      log.debug("The writer of Events has ended");
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void run() {
    if (planned != null) {
      planned.cancel(false);
    }
    for (Optional<Due> due = book.next(elapsed());
        due.isPresent() && !executor.isShutdown();
        due = book.next(elapsed())) {
      attempt(due.get());
    }
    book.untilNext(elapsed())
        .ifPresent(wait -> {
          try {
            planned =
                executor.schedule(this::run, wait.toNanos() + 1_000_000, TimeUnit.NANOSECONDS);
          } catch (RejectedExecutionException e) {
            log.debug("The writer of Events has ended");
          }
        });
  }

  private void attempt(Due due) {
    try {
      write(due);
      book.written(due.warning(), elapsed());
      failing = false;
    } catch (RuntimeException | Error e) {
      // An Error as well: nothing would be written any more if it ended the task.
      book.failed(due.warning(), elapsed());
      if (!failing && !ApiServerAway.isMeantBy(e) && !executor.isShutdown()) {
        log.warn("Events cannot be written; nothing but them is missing: {}", e.toString());
        failing = true;
      }
    }
  }

  private void write(Due due) {
    Event event = event(due.warning());
    if (due.count() == 1 ? create(event) : repeat(event, due.count())) {
      return;
    }
    // An Event of that name may be there from an earlier process, or the API server dropped it.
    boolean _ = due.count() == 1 ? repeat(event, 2) : create(event);
  }

  /** False when there is one of that name. */
  private boolean create(Event event) {
    try {
      var _ = client.events().v1().events().resource(event).create();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** False when there is none of that name. */
  private boolean repeat(Event event, int count) {
    try {
      var _ =
          Patch.MERGE.send(
              client,
              event,
              "peerage-" + controller,
              Map.of("series", Map.of("count", count, "lastObservedTime", now())));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private String now() {
    return MICROS.format(clock.instant());
  }

  private Event event(Warning warning) {
    Warning.Subject subject = warning.subject();
    return new EventBuilder()
        .withNewMetadata()
        .withName(warning.eventName())
        .withNamespace(subject.namespace().isEmpty() ? NAMESPACE : subject.namespace())
        .endMetadata()
        .withEventTime(new MicroTime(now()))
        .withType("Warning")
        .withReason(warning.reason())
        .withNote(warning.note())
        .withAction("Reconcile")
        .withReportingController("peerage.dev/" + controller)
        .withReportingInstance(instance)
        .withNewRegarding()
        .withApiVersion(subject.apiVersion())
        .withKind(subject.kind())
        .withNamespace(subject.namespace().isEmpty() ? null : subject.namespace())
        .withName(subject.name())
        .withUid(subject.uid())
        .endRegarding()
        .build();
  }
}
