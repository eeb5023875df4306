package dev.peerage.lbipam;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who writes a Service, as the API server records it. What somebody sets is recorded under the name
 * of his field manager; that somebody has removed a field is not recorded.
 *
 * @param ofIngress who has set {@code status.loadBalancer.ingress}; empty when nobody has, or the
 *     last one removed it
 * @param others all that have set something else, Peerage left out
 */
record FieldManagers(Optional<String> ofIngress, SortedSet<String> others) {
  private static final Map<ManagedFieldsEntry, ManagedFieldsEntry> SHARED =
      new ConcurrentHashMap<>();

  /** What the field managers of Cilium's operator begin with, of all its versions. */
  private static final String CILIUM = "cilium-operator";

  private static final Map<String, Object> INGRESS =
      Map.of("f:status", Map.of("f:loadBalancer", Map.of("f:ingress", Map.of())));

  static FieldManagers of(Service service) {
    Optional<String> ofIngress = Optional.empty();
    SortedSet<String> others = new TreeSet<>();
    for (ManagedFieldsEntry entry : entries(service)) {
      if (entry.getManager() == null) {
        continue;
      }
      if (setsIngress(entry)) {
        ofIngress = Optional.of(entry.getManager());
      } else if (!entry.getManager().equals(LbIpam.FIELD_MANAGER)) {
        others.add(entry.getManager());
      }
    }
    return new FieldManagers(ofIngress, others);
  }

  /** Whether somebody else than Peerage has set the ingress entries. */
  boolean isForeign() {
    return ofIngress.filter(name -> !name.equals(LbIpam.FIELD_MANAGER)).isPresent();
  }

  /** Whether Peerage has set the ingress entries, or Cilium from the same pools before it. */
  boolean isOfPools() {
    return ofIngress
        .filter(name -> name.equals(LbIpam.FIELD_MANAGER) || name.startsWith(CILIUM))
        .isPresent();
  }

  /** Of the entries what is read here; Services with the same managers share them. */
  static List<ManagedFieldsEntry> trim(Service service) {
    return entries(service).stream()
        .map(entry ->
            new ManagedFieldsEntryBuilder()
                .withManager(entry.getManager())
                .withFieldsV1(setsIngress(entry) ? ingress() : null)
                .build())
        .distinct()
        .map(entry -> SHARED.computeIfAbsent(entry, it -> it))
        .toList();
  }

  private static FieldsV1 ingress() {
    var fields = new FieldsV1();
    fields.setAdditionalProperties(INGRESS);
    return fields;
  }

  private static List<ManagedFieldsEntry> entries(Service service) {
    @Nullable List<ManagedFieldsEntry> entries = service.getMetadata().getManagedFields();
    return entries == null ? List.of() : entries;
  }

  private static boolean setsIngress(ManagedFieldsEntry entry) {
    @Nullable FieldsV1 fields = entry.getFieldsV1();
    return fields != null
        && fields.getAdditionalProperties().get("f:status") instanceof Map<?, ?> status
        && status.get("f:loadBalancer") instanceof Map<?, ?> loadBalancer
        && loadBalancer.containsKey("f:ingress");
  }
}
