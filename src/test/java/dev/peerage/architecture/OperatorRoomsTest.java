package dev.peerage.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the arrows between the operator module's rooms that docs/architecture.md draws. */
class OperatorRoomsTest {
  private static final String ALL = "dev.peerage.";

  private static JavaClasses peerage;

  @BeforeAll
  static void importClasses() {
    peerage =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.peerage");
    assertThat(peerage.size()).as("classes found").isGreaterThan(50);
  }

  /** Of this project, a room imports nothing but itself and these; the last one may see all. */
  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "logging    | ''",
        "kube       | ''",
        "reading    | crd",
        "host       | ''",
        "yaml       | ''",
        "why        | bgp crd host kube lbipam peering announce",
        "http       | bgp crd kube peering why",
        "table      | bgp http why",
        "standalone | bgp crd yaml",
        "peering    | bgp crd host kube",
        "announce   | bgp crd host kube peering",
        "snapshot   | crd peering",
        "agent      | bgp crd host kube peering announce snapshot why",
        "cluster    | crd kube peering announce",
        "lbipam     | crd kube peering",
        "operator   | crd kube peering cluster lbipam",
        "lint       | bgp crd yaml kube host peering announce cluster lbipam",
        "lab        | bgp crd yaml kube host peering announce cluster lbipam agent http table lint",
      })
  void aRoomImportsOnlyWhatIsBelowIt(String room, String below) {
    Stream<String> allowed =
        Stream.concat(Stream.of(room), Arrays.stream(below.split(" ")))
            .filter(each -> !each.isEmpty())
            .map(each -> ALL + each + "..");
    classes()
        .that()
        .resideInAPackage(ALL + room + "..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.peerage.."))
                .or(resideInAnyPackage(allowed.toArray(String[]::new))))
        .allowEmptyShould(true)
        .check(peerage);
  }

  /** A new room has to say in the table above what it stands on. */
  @Test
  void everyRoomHasItsRow() {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass each : peerage) {
      String room = each.getPackageName().substring("dev.peerage".length()).replaceFirst("\\.", "");
      rooms.add(room.replaceFirst("\\..*", ""));
    }
    assertThat(rooms)
        .isSubsetOf(
            "",
            "agent",
            "announce",
            "bgp",
            "cli",
            "cluster",
            "crd",
            "host",
            "http",
            "kube",
            "lab",
            "lbipam",
            "lint",
            "logging",
            "operator",
            "peering",
            "reading",
            "snapshot",
            "standalone",
            "table",
            "testing",
            "why",
            "yaml");
  }

  @Test
  void noRoomsImportEachOtherInACircle() {
    slices().matching("dev.peerage.(**)").should().beFreeOfCycles().check(peerage);
  }

  /** Time and what the cluster holds come as parameters. */
  @Test
  void whatDecidesForANodeKnowsNoClientClockThreadOrLog() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.peerage.peering..", "dev.peerage.announce..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes.client..",
            "io.javaoperatorsdk..",
            "io.netty.channel..",
            "java.nio.channels..",
            "java.time..",
            "java.util.concurrent..",
            "org.slf4j..")
        .check(peerage);
  }

  @Test
  void loggersHaveOneName() {
    fields()
        .that()
        .haveRawType("org.slf4j.Logger")
        .should()
        .haveName("log")
        .andShould()
        .bePrivate()
        .andShould()
        .beStatic()
        .andShould()
        .beFinal()
        .check(peerage);
  }
}
