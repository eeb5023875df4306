package dev.peerage.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the arrows between packages that docs/architecture.md draws. */
class ArrowsTest {
  private static JavaClasses peerage;

  @BeforeAll
  static void importClasses() {
    peerage =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.peerage");
    assertThat(peerage.size()).as("classes found").isGreaterThan(50);
  }

  @Test
  void speakerPackagesPointOneWay() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.peerage.bgp..")
        .layer("wire")
        .definedBy("dev.peerage.bgp.wire")
        .layer("prefix")
        .definedBy("dev.peerage.bgp.prefix")
        .layer("export")
        .definedBy("dev.peerage.bgp.export")
        .layer("rib")
        .definedBy("dev.peerage.bgp.rib")
        .layer("session")
        .definedBy("dev.peerage.bgp.session")
        .layer("transport")
        .definedBy("dev.peerage.bgp.transport")
        .layer("speaker")
        .definedBy("dev.peerage.bgp.speaker")
        .whereLayer("speaker")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("transport")
        .mayOnlyBeAccessedByLayers("speaker")
        .whereLayer("session")
        .mayOnlyBeAccessedByLayers("transport", "speaker")
        .whereLayer("rib")
        .mayOnlyBeAccessedByLayers("speaker")
        .whereLayer("export")
        .mayOnlyBeAccessedByLayers("rib", "speaker")
        .whereLayer("prefix")
        .mayOnlyBeAccessedByLayers("export", "rib", "speaker")
        .check(peerage);
  }

  @Test
  void noSpeakerPackagesDependOnEachOtherInACircle() {
    SlicesRuleDefinition.slices()
        .matching("dev.peerage.bgp.(*)..")
        .should()
        .beFreeOfCycles()
        .check(peerage);
  }

  @Test
  void theSpeakerKnowsNoKubernetes() {
    noClasses()
        .that()
        .resideInAPackage("dev.peerage.bgp..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "dev.peerage.crd..")
        .check(peerage);
  }

  @Test
  void theStateMachineAndTheTablesKnowNoSocketThreadOrClock() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.peerage.bgp.session",
            "dev.peerage.bgp.prefix",
            "dev.peerage.bgp.export",
            "dev.peerage.bgp.rib")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty.channel..", "java.util.concurrent..", "java.nio.channels..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.time\\.Clock|java\\.lang\\.Thread|java\\.net\\..*Socket.*")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(peerage);
  }

  /** What a timer of an event loop throws would be lost: Tasks hears of it. */
  @Test
  void onlyTasksGivesWorkToAnEventLoop() {
    noClasses()
        .that()
        .resideInAPackage("dev.peerage.bgp..")
        .and()
        .doNotHaveFullyQualifiedName("dev.peerage.bgp.transport.Tasks")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "an executor's execute, submit, invoke or schedule",
                call ->
                    call.getTargetOwner().isAssignableTo(Executor.class)
                        && !call.getTargetOwner().getName().endsWith(".Tasks")
                        && call.getTarget()
                            .getName()
                            .matches("(execute|submit|invoke|schedule).*")))
        .check(peerage);
  }

  /**
   * Export encodes what it decides; the tables and the state machine hold no buffers and no log.
   */
  @Test
  void onlyExportAllocatesAndLogs() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.peerage.bgp.session", "dev.peerage.bgp.prefix", "dev.peerage.bgp.rib")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "org.slf4j..")
        .check(peerage);
  }

  @Test
  void customResourcesKnowOnlyFabric8() {
    classes()
        .that()
        .resideInAPackage("dev.peerage.crd..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.peerage.crd..",
            "io.fabric8..",
            "com.fasterxml.jackson..",
            "org.jspecify..")
        .check(peerage);
  }

  @Test
  void whatTheKernelSaysKnowsNeitherKubernetesNorBgp() {
    classes()
        .that()
        .resideInAPackage("dev.peerage.host")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.peerage.host", "org.slf4j..", "org.jspecify..")
        .check(peerage);
  }

  @Test
  void plannersKnowNoClientClockOrThread() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Planner")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes.client.informers..",
            "io.fabric8.kubernetes.client.dsl..",
            "io.javaoperatorsdk..",
            "java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .check(peerage);
  }

  @Test
  void namesAreTheFields() {
    noClasses()
        .that()
        .resideInAPackage("dev.peerage..")
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(peerage);
  }

  /** A command may choose the log's level, which is fixed once the first logger exists. */
  @Test
  void commandsHoldNoLogger() {
    noFields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.peerage.cli")
        .should()
        .haveRawType("org.slf4j.Logger")
        .check(peerage);
  }
}
