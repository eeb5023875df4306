package dev.peerage.lint;

import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPClusterConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.crd.v2.CiliumLoadBalancerIPPool;
import dev.peerage.lint.Finding.Place;
import dev.peerage.lint.Finding.Severity;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.peering.Advice;
import dev.peerage.peering.Problem;
import dev.peerage.peering.Problem.ObjectRef;
import dev.peerage.peering.Problem.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the API server takes but does not do what it says: what the planners, the conditions and the
 * advice tell, and what follows from several objects together.
 */
final class PlanFindings {
  private final Manifests manifests;
  private final List<Finding> findings = new ArrayList<>();

  private PlanFindings(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<Finding> of(Manifests manifests) {
    var all = new PlanFindings(manifests);
    all.look();
    return all.findings;
  }

  private void look() {
    var assumed = AssumedCluster.of(manifests);
    ManifestPlan plan =
        ManifestPlanner.plan(assumed.manifests(), assumed.announcing(), Instant.EPOCH);
    Set<Problem> problems = problems(plan, assumed);
    Set<ObjectRef> withoutPeerConfig = new LinkedHashSet<>();
    for (Problem problem : problems) {
      FindingCode code = ProblemCode.of(problem);
      if (code == FindingCode.MISSING_PEER_CONFIG) {
        withoutPeerConfig.add(problem.object());
      }
      add(code, problem);
    }
    for (PlanWarning warning : plan.warnings()) {
      boolean said =
          warning.code() == FindingCode.MISSING_PEER_CONFIG
              && withoutPeerConfig.contains(warning.object());
      if (!said) {
        add(warning);
      }
    }
    new ServiceChecks(assumed, plan, this::add).look();
    new ConfigChecks(manifests, this::add).look();
    new NodeChecks(assumed, plan, this::add).look();
    new PoolChecks(manifests, this::add).look();
  }

  /** What a planner says, each once though every node says it. */
  private Set<Problem> problems(ManifestPlan plan, AssumedCluster assumed) {
    Set<Problem> problems = new LinkedHashSet<>();
    plan.nodes().values().stream()
        .flatMap(node -> node.problems().stream())
        // The host is not known here.
        .filter(it -> it.severity() == Problem.Severity.NOTE || it.scope() == Scope.CLUSTER)
        .forEach(problems::add);
    List<CiliumBGPPeerConfig> peerConfigs = assumed.manifests().all(CiliumBGPPeerConfig.class);
    Advice.problems(
            new Advice.Objects(
                manifests.all(CiliumBGPClusterConfig.class),
                peerConfigs,
                // Of those that no peer config is there for, that says it all.
                peerConfigs.isEmpty() ? List.of() : manifests.all(CiliumBGPAdvertisement.class),
                manifests.all(CiliumLoadBalancerIPPool.class).stream()
                    .filter(pool -> !pool.getSpec().blocks().isEmpty()) // its condition says it
                    .toList(),
                Optional.empty()))
        .forEach(problems::add);
    return problems;
  }

  private void add(FindingCode code, Problem problem) {
    var finding =
        new Finding(
            code, place(problem.object(), problem.field()), problem.what(), problem.remedy());
    findings.add(problem.severity() == Problem.Severity.NOTE ? finding.as(Severity.NOTE) : finding);
  }

  private void add(PlanWarning warning) {
    findings.add(
        new Finding(
            warning.code(),
            place(warning.object(), warning.field()),
            warning.what(),
            warning.remedy()));
  }

  private Place place(ObjectRef object, String field) {
    @Nullable Manifest manifest =
        manifests.objects().get(new Key(object.kind(), object.namespace(), object.name()));
    return manifest == null
        ? new Place("", 0, object.toString(), field)
        : new Place(
            manifest.document().file(),
            manifest.document().line(field.isEmpty() ? "metadata.name" : field),
            object.toString(),
            field);
  }

  /** Gets what a check finds. */
  interface Sink {
    /** Something is wrong with an object. */
    void add(PlanWarning warning);
  }
}
