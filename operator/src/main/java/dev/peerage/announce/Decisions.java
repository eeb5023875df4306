package dev.peerage.announce;

import dev.peerage.kube.ServiceKey;
import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of a plan, about all peers: first those about the node, then by Service. Immutable.
 * They are kept once per {@link PolicyGroups group of peers} and spread to its peers while they are
 * read, so that {@link #size} costs as much as reading them.
 */
final class Decisions extends AbstractCollection<Decision> {
  private final PolicyGroups groups;
  private final List<ObjectDecisions> ofNode;
  private final DecisionsByService ofServices;

  Decisions(PolicyGroups groups, List<ObjectDecisions> ofNode, DecisionsByService ofServices) {
    this.groups = groups;
    this.ofNode = List.copyOf(ofNode);
    this.ofServices = ofServices;
  }

  private Stream<Decision> all() {
    return Stream.concat(
            ofNode.stream(), StreamSupport.stream(ofServices.spliterator(), /* parallel= */ false))
        .flatMap(object -> groups.spread(object.decisions()));
  }

  /** Those about one Service. */
  List<Decision> of(ServiceKey service) {
    @Nullable ObjectDecisions found = ofServices.get(service);
    return found == null ? List.of() : groups.spread(found.decisions()).toList();
  }

  @Override
  public Iterator<Decision> iterator() {
    return all().iterator();
  }

  @Override
  public Spliterator<Decision> spliterator() {
    return all().spliterator();
  }

  @Override
  public int size() {
    return Math.toIntExact(all().count());
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Decisions that)) {
      return false;
    }
    boolean sameParts = groups == that.groups && ofServices == that.ofServices;
    return sameParts && ofNode.equals(that.ofNode) || List.copyOf(this).equals(List.copyOf(that));
  }

  @Override
  public int hashCode() {
    return List.copyOf(this).hashCode();
  }
}
