import java.io.File;
import java.util.List;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates each file by each flavour; a line a file and flavour, exit 1 if one is not compliant. */
public class Validate {
  public static void main(String[] args) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    boolean good = true;
    for (String name : args) {
      for (String id : List.of("2b", "ua1")) {
        PDFAFlavour flavour = PDFAFlavour.fromString(id);
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(name), flavour);
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
          ValidationResult result = validator.validate(parser);
          good &= result.isCompliant();
          System.out.printf("%s %s %s checks=%d%n", result.isCompliant() ? "PASS" : "FAIL", id, name, result.getTotalAssertions());
          for (TestAssertion found : result.getTestAssertions()) {
            System.out.printf("  %s: %s%n", found.getRuleId(), found.getMessage());
          }
        }
      }
    }
    System.exit(good ? 0 : 1);
  }
}
