package dev.peerage.lint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.SpeakerChanges.Route;
import dev.peerage.lint.SpeakerChanges.Session;
import dev.peerage.lint.WirePlan.AddressChange;
import java.util.List;

/** How what manifests change on the wire is written. */
public enum PlanFormat {
  /** For people. */
  TEXT {
    @Override
    public List<String> lines(WirePlan plan) {
      return plan.lines();
    }
  },

  /** One JSON document, in which nothing is left out. */
  JSON {
    @Override
    public List<String> lines(WirePlan plan) {
      ObjectNode root = MAPPER.createObjectNode();
      ArrayNode addresses = root.putArray("addresses");
      plan.addresses().forEach(change -> address(change, addresses.addObject()));
      ArrayNode nodes = root.putArray("nodes");
      plan.nodes().forEach((name, changes) -> node(name, changes, nodes.addObject()));
      root.put("resets", plan.resets());
      root.put("ends", plan.ends());
      try {
        return List.of(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  };

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The lines to print. */
  public abstract List<String> lines(WirePlan plan);

  private static void address(AddressChange change, ObjectNode to) {
    to.put("service", change.service());
    change.before().forEach(to.putArray("before")::add);
    change.after().forEach(to.putArray("after")::add);
  }

  private static void node(String name, SpeakerChanges changes, ObjectNode to) {
    to.put("node", name);
    ArrayNode sessions = to.putArray("sessions");
    changes.sessions().forEach(session -> session(session, sessions.addObject()));
    routes(changes.announced(), to.putArray("announced"));
    routes(changes.withdrawn(), to.putArray("withdrawn"));
    routes(changes.altered(), to.putArray("altered"));
  }

  private static void session(Session session, ObjectNode to) {
    to.put("instance", session.instance());
    to.put("peer", session.peer());
    to.put("effect", session.effect().word());
    to.put("why", session.why());
  }

  private static void routes(List<Route> routes, ArrayNode to) {
    for (Route route : routes) {
      to.addObject()
          .put("instance", route.instance())
          .put("peer", route.peer())
          .put("prefix", route.prefix().toString());
    }
  }
}
