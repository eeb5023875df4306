package dev.peerage.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The watches of other kinds that a reconciler has beside that of its own. */
final class Watches {
  private Watches() {}

  /**
   * A watch that wakes all objects of the reconciler, if it is not told otherwise.
   *
   * @param how which changes wake whom, and what is kept
   */
  static <T extends HasMetadata, P extends HasMetadata> InformerEventSource<T, P> of(
      EventSourceContext<P> context,
      Class<T> kind,
      UnaryOperator<InformerEventSourceConfiguration.Builder<T>> how) {
    IndexerResourceCache<P> all = context.getPrimaryCache();
    InformerEventSourceConfiguration.Builder<T> builder =
        InformerEventSourceConfiguration.from(kind, context.getPrimaryResourceClass())
            .withName(kind.getSimpleName())
            // Its store is read by name: no index of who belongs to whom is needed.
            .withPrimaryToSecondaryMapper((P _) -> Set.of())
            .withSecondaryToPrimaryMapper(_ -> all.keys().collect(Collectors.toSet()));
    return new InformerEventSource<>(how.apply(builder).build(), context);
  }

  /** Whether a change is one of the spec, or another object has come under the same name. */
  static boolean isNewSpec(HasMetadata now, HasMetadata before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid());
  }
}
