package io.urteil.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.urteil.event.Part;
import io.urteil.event.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The walls of the architecture, each with its reason. The POMs hold the same between modules. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.urteil");

  private static final String[] CONTRACTS = {
    "io.urteil.event..", "io.urteil.run..", "io.urteil.model..", "io.urteil.prompt.."
  };
  private static final String[] TOPOLOGY = {"io.urteil.topology.."};
  private static final String[] JUDGE = {
    "io.urteil.judge..", "io.urteil.engine..", "io.urteil.sampler..", "io.urteil.door.."
  };
  private static final String[] TRAINER = {"io.urteil.trainer.."};
  private static final String[] OPERATIONS = {
    "io.urteil.local..", "io.urteil.cli..", "io.urteil.embedded..", "io.urteil.bench.."
  };

  @Test
  void shouldHaveImportedTheWholeApplication() {
    for (String name :
        List.of(
            "io.urteil.event.Place",
            "io.urteil.topology.TopologyPart",
            "io.urteil.worker.JudgeWorker",
            "io.urteil.sampler.Sampler",
            "io.urteil.trainer.Trainer",
            "io.urteil.local.AllInOne")) {
      assertThat(CLASSES.contain(name)).as(name).isTrue();
    }
  }

  @Test
  void contractsKnowNobody() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAnyPackage(CONTRACTS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(join(TOPOLOGY, JUDGE, TRAINER, OPERATIONS))
            .because("what two processes must agree on cannot depend on one of them");
    rule.check(CLASSES);
  }

  @Test
  void servicesNeverImportEachOther() {
    String reason = "a hop between two services is a topic; an import would make it a method call";
    assertAll(
        () -> noImports(TOPOLOGY, join(JUDGE, TRAINER, OPERATIONS), reason).check(CLASSES),
        () -> noImports(JUDGE, join(TOPOLOGY, TRAINER, OPERATIONS), reason).check(CLASSES),
        () -> noImports(TRAINER, join(TOPOLOGY, JUDGE, OPERATIONS), reason).check(CLASSES));
  }

  @Test
  void nativeLibrariesStayBehindOneDoorEach() {
    assertAll(
        () -> onlyIn("org.bytedeco..", "io.urteil.trainer.policy..").check(CLASSES),
        () -> onlyIn("ai.onnxruntime..", "io.urteil.engine..").check(CLASSES),
        () -> onlyIn("ai.djl..", "io.urteil.model..").check(CLASSES),
        () -> onlyIn("org.rocksdb..", "io.urteil.topology..").check(CLASSES),
        () -> onlyIn("kafka.server..", "io.urteil.embedded..").check(CLASSES));
  }

  @Test
  void onlyTheDemoKnowsThatTheTaskIsArithmetic() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.urteil.local.arithmetic..",
            "io.urteil.local.demo..",
            "io.urteil.cli..",
            "io.urteil.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.urteil.local.arithmetic..")
        .because("arithmetic is data: a run file with another model and task must run as well")
        .check(CLASSES);
  }

  @Test
  void partsAreGivenOnlyAPlaceAndWhichRunTheyServe() {
    classes()
        .that()
        .implement(Part.class)
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(beMadeFromAPlace())
        .because("a part that is given another part, or its data, could skip the log")
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> beMadeFromAPlace() {
    return new ArchCondition<>("have public constructors of a Place and at most a run id") {
      @Override
      public void check(JavaClass part, ConditionEvents events) {
        for (JavaConstructor constructor : part.getConstructors()) {
          if (!constructor.getModifiers().contains(JavaModifier.PUBLIC)) {
            continue;
          }
          List<String> types =
              constructor.getRawParameterTypes().stream().map(JavaClass::getName).toList();
          boolean good =
              types.equals(List.of(Place.class.getName()))
                  || types.equals(List.of(Place.class.getName(), String.class.getName()));
          events.add(
              new SimpleConditionEvent(part, good, constructor.getFullName() + " takes " + types));
        }
      }
    };
  }

  private static ArchRule noImports(String[] from, String[] to, String reason) {
    return noClasses()
        .that()
        .resideInAnyPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .because(reason);
  }

  private static ArchRule onlyIn(String library, String home) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because("a native library that is seen in one package can be replaced in one package");
  }

  private static String[] join(String[]... groups) {
    return java.util.Arrays.stream(groups).flatMap(java.util.Arrays::stream).toArray(String[]::new);
  }
}
