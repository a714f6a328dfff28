package io.urteil.local;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import ai.onnxruntime.OrtEnvironment;
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
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The walls of the architecture, each with its reason. The POMs hold the same between modules. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.urteil");

  private static final int LARGEST_PACKAGE = 22;
  private static final int LARGEST_RECORD = 12;

  private static final String[] CONTRACTS = {
    "io.urteil.event..",
    "io.urteil.kafka..",
    "io.urteil.deadletter..",
    "io.urteil.run..",
    "io.urteil.reward..",
    "io.urteil.batch..",
    "io.urteil.plugin..",
    "io.urteil.advantage..",
    "io.urteil.metrics..",
    "io.urteil.service..",
    "io.urteil.model..",
    "io.urteil.checkpoint..",
    "io.urteil.jinja..",
    "io.urteil.prompt.."
  };
  private static final String[] TOPOLOGY = {"io.urteil.topology..", "io.urteil.audit.."};
  private static final String[] JUDGE = {
    "io.urteil.judge..",
    "io.urteil.judges..",
    "io.urteil.worker..",
    "io.urteil.engine..",
    "io.urteil.chat..",
    "io.urteil.sampler..",
    "io.urteil.gateway..",
    "io.urteil.evaluation.."
  };
  private static final String[] TRAINER = {"io.urteil.trainer.."};
  private static final String[] OPERATIONS = {
    "io.urteil.local..", "io.urteil.cli..", "io.urteil.embedded.."
  };

  @Test
  void shouldHaveImportedTheWholeApplication() {
    for (String name :
        List.of(
            "io.urteil.event.Namespace",
            "io.urteil.topology.TopologyComponent",
            "io.urteil.worker.JudgeWorker",
            "io.urteil.sampler.Sampler",
            "io.urteil.gateway.Gateway",
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
  void onlyTheServersFileReadsTheEnvironmentForJudges() {
    String reason = "a run file must not name an environment variable of a worker";
    noClasses()
        .that()
        .resideInAnyPackage(JUDGE)
        .and()
        .doNotHaveFullyQualifiedName("io.urteil.chat.server.JudgeServersReader")
        .should()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .because(reason)
        .check(CLASSES);
  }

  @Test
  void onnxRuntimeStartsInOnePlace() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.urteil.engine.runtime.OnnxRuntime")
        .should()
        .callMethodWhere(
            target(owner(type(OrtEnvironment.class))).and(target(name("getEnvironment"))))
        .because("started otherwise, it reports its use to its publisher")
        .check(CLASSES);
  }

  @Test
  void judgeAuthorsNeedTheApiAlone() {
    noClasses()
        .that()
        .resideInAPackage("io.urteil.judge.api..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.urteil..")
                .and(
                    resideOutsideOfPackages(
                        "io.urteil.judge.api..", "io.urteil.event..", "io.urteil.plugin..")))
        .because("a judge's author compiles against one small jar")
        .check(CLASSES);
  }

  @Test
  void theEnginesRoomsAreItsOwn() {
    String[] rooms = {
      "io.urteil.engine.scheduling..",
      "io.urteil.engine.sampling..",
      "io.urteil.engine.runtime..",
      "io.urteil.engine.graph..",
      "io.urteil.engine.device.."
    };
    String reason = "types are public there only for the neighbouring rooms";
    noClasses()
        .that()
        .resideOutsideOfPackages("io.urteil.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms)
        .because(reason)
        .check(CLASSES);
    slices()
        .matching("io.urteil.(engine.*)..")
        .should()
        .beFreeOfCycles()
        .because("each room can be read with those below it")
        .check(CLASSES);
    noImports(
            new String[] {"io.urteil.engine"},
            join(rooms, new String[] {"io.urteil.engine.onnx.."}),
            "the engine's values know no runtime")
        .check(CLASSES);
  }

  @Test
  void decisionsArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.urteil.topology.group..",
            "io.urteil.reward..",
            "io.urteil.advantage..",
            "io.urteil.topology.batch..",
            "io.urteil.trainer.objective..",
            "io.urteil.evaluation.measure..",
            "io.urteil.judges.tournament..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "java.nio.file..", "java.net..")
        .because("what is decided can be tested, replayed and audited without a broker")
        .check(CLASSES);
  }

  @Test
  void frameworksStayAtTheBorder() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.urteil.cli..",
            "io.urteil.bench..",
            "io.urteil..app..",
            "io.urteil.gateway.http..",
            "io.urteil.gateway.peer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..", "picocli..")
        .because("components run in a container, in a test and on the command line alike")
        .check(CLASSES);
  }

  @Test
  void noPackageIsTooLargeToKnow() {
    Map<String, Long> sizes =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .filter(type -> !type.isAnnotatedWith("org.apache.avro.specific.AvroGenerated"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    sizes.values().removeIf(size -> size <= LARGEST_PACKAGE);
    assertThat(sizes).as("packages of more than %d types", LARGEST_PACKAGE).isEmpty();
  }

  @Test
  void noRecordIsTooLargeToBuildByPosition() {
    classes()
        .that()
        .areAssignableTo(Record.class)
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(haveAFewComponents())
        .because("of many values in a row two can change places, and it still compiles")
        .check(CLASSES);
  }

  @Test
  void onlyTheDemoKnowsThatTheTaskIsArithmetic() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.urteil.local.arithmetic..", "io.urteil.local.demo..", "io.urteil.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.urteil.local.arithmetic..")
        .because("arithmetic is data: a run file with another model and task must run as well")
        .check(CLASSES);
  }

  @Test
  void componentsAreGivenOnlyANamespaceWhichRunTheyServeAndSettings() {
    classes()
        .that()
        .implement(ServiceComponent.class)
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(beMadeFromANamespace())
        .because("a part that is given another part, or its data, could skip the log")
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> haveAFewComponents() {
    return new ArchCondition<>("have at most %d components", LARGEST_RECORD) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        long components =
            type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .count();
        events.add(
            new SimpleConditionEvent(
                type,
                components <= LARGEST_RECORD,
                type.getName() + " has " + components + " components"));
      }
    };
  }

  private static ArchCondition<JavaClass> beMadeFromANamespace() {
    return new ArchCondition<>(
        "have public constructors of a namespace, at most a run id, and at most a settings"
            + " record") {
      @Override
      public void check(JavaClass part, ConditionEvents events) {
        for (JavaConstructor constructor : part.getConstructors()) {
          if (!constructor.getModifiers().contains(JavaModifier.PUBLIC)) {
            continue;
          }
          List<String> types =
              new ArrayList<>(
                  constructor.getRawParameterTypes().stream().map(JavaClass::getName).toList());
          if (constructor.getRawParameterTypes().getLast().isRecord()
              && types.getLast().endsWith("Settings")) {
            types.removeLast();
          }
          boolean good =
              types.equals(List.of(Namespace.class.getName()))
                  || types.equals(List.of(Namespace.class.getName(), String.class.getName()));
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
