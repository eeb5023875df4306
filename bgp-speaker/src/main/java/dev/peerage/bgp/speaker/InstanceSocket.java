package dev.peerage.bgp.speaker;

import dev.peerage.bgp.speaker.DesiredInstance.Listen;
import dev.peerage.bgp.transport.Listener;
import dev.peerage.bgp.transport.Protection;
import io.micrometer.core.instrument.Tags;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an instance accepts connections. Sessions do not depend on it: another port takes the place
 * of the one before once it listens, and until then the one before goes on. To be used on the event
 * loop only.
 */
final class InstanceSocket {
  private static final Logger log = LoggerFactory.getLogger(InstanceSocket.class);

  private final Environment environment;
  private final String instance;
  private final PeerAdmission admission;
  private final InstanceListener listener;
  private Listen wanted = new Listen.Off();
  private Optional<Listening> current = Optional.empty();

  /** What takes the place of the current one once it listens. */
  private Optional<Listening> next = Optional.empty();

  private final Meters.Owner meters;
  private boolean measured;
  private volatile boolean accepts;

  private record Listening(Listen.On at, Listener listener) {}

  /**
   * Does not listen.
   *
   * @param instance its name
   * @param admission who may connect, and what those need
   */
  InstanceSocket(
      Environment environment,
      String instance,
      PeerAdmission admission,
      InstanceListener listener) {
    this.environment = environment;
    this.instance = instance;
    this.admission = admission;
    this.listener = listener;
    this.meters = environment.meters().owner();
  }

  /** Listens here from now on, as soon as that is possible. */
  void use(Listen listen) {
    if (listen.equals(wanted)) {
      protect();
      return;
    }
    wanted = listen;
    close(next);
    next = Optional.empty();
    switch (listen) {
      case Listen.Off _ -> {
        close(current);
        current = Optional.empty();
        listensNow();
      }
      case Listen.On on -> {
        if (current.isPresent() && current.get().at().equals(on)) {
          protect();
        } else if (current.isPresent() && current.get().at().port() != on.port()) {
          next = Optional.of(start(on));
        } else {
          close(current); // One port is not for two sockets.
          current = Optional.of(start(on));
        }
      }
    }
    measure();
  }

  private Listening start(Listen.On on) {
    return new Listening(
        on,
        Listener.start(
            environment.network(),
            environment.settings().addresses().toSocket(on.address(), on.port()),
            instance,
            admission.protections(),
            admission,
            this::changed));
  }

  private static void close(Optional<Listening> socket) {
    socket.ifPresent(it -> it.listener().close());
  }

  private void changed(Listener changed) {
    if (next.isPresent() && next.get().listener() == changed && changed.listening()) {
      close(current);
      current = next;
      next = Optional.empty();
    }
    listensNow();
    if (changed.listening() && environment.settings().told()) {
      log.info("{}: listens on {}", instance, changed.address());
    }
    listener.happened(
        changed.listening()
            ? new SpeakerEvent.ListenerUp(instance)
            : new SpeakerEvent.ListenerDown(instance, changed.problem()));
    listener.changed();
  }

  private void listensNow() {
    accepts = current.isPresent() && current.get().listener().listening();
  }

  /** Connections from now on must have what the peers want. */
  void protect() {
    Map<InetAddress, Protection> protections = admission.protections();
    current.ifPresent(it -> it.listener().protect(protections));
    next.ifPresent(it -> it.listener().protect(protections));
  }

  /** Why it does not listen as it should, in words; empty when it does, or shall not. */
  String problem() {
    String why = next.or(() -> current).map(it -> it.listener().problem()).orElse("");
    return why.isEmpty() || next.isEmpty() || !accepts
        ? why
        : why + "; it listens on port " + current.get().at().port() + " as before";
  }

  /** What kind of problem that is. */
  ListenFault fault() {
    return next.or(() -> current)
        .map(Listening::listener)
        .filter(it -> !it.problem().isEmpty())
        .map(it -> it.lacksRight() ? ListenFault.NOT_PERMITTED : ListenFault.NOT_POSSIBLE)
        .orElse(ListenFault.NONE);
  }

  /** Closes all there is. */
  void close() {
    wanted = new Listen.Off();
    close(next);
    close(current);
    next = Optional.empty();
    current = Optional.empty();
    listensNow();
    measure();
  }

  private void measure() {
    switch (wanted) {
      case Listen.Off _ -> {
        meters.remove();
        measured = false;
      }
      case Listen.On _ -> {
        if (!measured) {
          measured = true;
          meters.gauge(
              "peerage.bgp.listener.up",
              "",
              Tags.of("instance_name", instance),
              () -> accepts ? 1 : 0);
        }
      }
    }
  }
}
