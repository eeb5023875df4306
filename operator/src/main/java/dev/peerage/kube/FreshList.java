package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * All objects of a kind as they are now, for what a watch, which may lag behind, must not decide: a
 * list is never older than its request.
 *
 * @param version the resourceVersion of the list
 */
public record FreshList<T>(List<T> items, String version) {
  /** How many objects one answer to a list brings: all Services in one would be many MB. */
  public static final long PAGE = 500;

  /**
   * Lists page by page.
   *
   * @param kept what is kept of an object
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when refused or unreachable
   */
  public static <T extends HasMetadata, L extends KubernetesResourceList<T>> FreshList<T> of(
      Listable<L> kind, UnaryOperator<T> kept) {
    var items = new ArrayList<T>();
    var options = new ListOptionsBuilder().withLimit(PAGE).build();
    var version = "";
    do {
      L page = kind.list(options);
      if (version.isEmpty()) {
        version = page.getMetadata().getResourceVersion();
      }
      page.getItems().forEach(it -> items.add(kept.apply(it)));
      options.setContinue(page.getMetadata().getContinue());
    } while (!Objects.requireNonNullElse(options.getContinue(), "").isEmpty());
    return new FreshList<>(items, version);
  }
}
