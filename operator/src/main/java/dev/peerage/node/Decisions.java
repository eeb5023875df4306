package dev.peerage.node;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.stream.Stream;

/**
 * The decisions of all contributions, about all peers. A view: Services that change while it is
 * read are seen before or after their change.
 */
final class Decisions extends AbstractCollection<Decision> {
  private final Audiences audiences;
  private final List<Contribution> ofNode;
  private final ConcurrentNavigableMap<ServiceKey, Contribution> ofServices;

  Decisions(
      Audiences audiences,
      List<Contribution> ofNode,
      ConcurrentNavigableMap<ServiceKey, Contribution> ofServices) {
    this.audiences = audiences;
    this.ofNode = ofNode;
    this.ofServices = ofServices;
  }

  @Override
  public Iterator<Decision> iterator() {
    return Stream.concat(ofNode.stream(), ofServices.values().stream())
        .flatMap(contribution -> audiences.spread(contribution.decisions()))
        .iterator();
  }

  @Override
  public int size() {
    return Math.toIntExact(stream().count());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Decisions that && List.copyOf(this).equals(List.copyOf(that));
  }

  @Override
  public int hashCode() {
    return List.copyOf(this).hashCode();
  }
}
