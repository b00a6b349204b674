package io.github.last4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a table of packages does not say: nobody uses the root, and no package is missing. */
class ArchitectureEdgesTest {
  private static final String ROOT = "io.github.last4j";
  private static final Set<String> KNOWN =
      Set.of(
          "complex",
          "ssm",
          "norm",
          "prune",
          "bound",
          "model",
          "data",
          "train",
          "sweep",
          "io",
          "plot",
          "notebook");
  private static final JavaClasses TOOLKIT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void onlyTheOutermostUseTheRoot() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".notebook..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT)
        .check(TOOLKIT);
  }

  @Test
  void everyPackageIsKnown() {
    Set<String> unknown = new TreeSet<>();
    TOOLKIT.forEach(
        each -> {
          String home = each.getPackageName();
          if (!home.equals(ROOT)) {
            unknown.add(home.substring(ROOT.length() + 1).replaceFirst("\\..*", ""));
          }
        });
    unknown.removeAll(KNOWN);
    assertEquals(Set.of(), unknown);
  }
}
