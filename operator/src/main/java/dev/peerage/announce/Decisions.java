package dev.peerage.announce;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.stream.Stream;

/**
 * The decisions of all contributions, about all peers. A view: Services that change while it is
 * read are seen before or after their change.
 */
final class Decisions extends AbstractCollection<Decision> {
  private final Audiences audiences;
  private final List<Contribution> ofNode;
  private final ServiceContributions ofServices;

  Decisions(Audiences audiences, List<Contribution> ofNode, ServiceContributions ofServices) {
    this.audiences = audiences;
    this.ofNode = ofNode;
    this.ofServices = ofServices;
  }

  private Stream<Decision> all() {
    return Stream.concat(ofNode.stream(), ofServices.all().stream())
        .flatMap(contribution -> audiences.spread(contribution.decisions()));
  }

  @Override
  public Iterator<Decision> iterator() {
    return all().iterator();
  }

  // Without a size, which would cost as much as the decisions.
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
    return other instanceof Decisions that && List.copyOf(this).equals(List.copyOf(that));
  }

  @Override
  public int hashCode() {
    return List.copyOf(this).hashCode();
  }
}
