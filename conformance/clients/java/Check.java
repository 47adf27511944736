import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The output form of a client program: a line for each check, and at the end their number. */
final class Check {
  interface Body {
    void run() throws Exception;
  }

  private final String name;
  private int count;

  Check(String name) {
    this.name = name;
  }

  void that(String what, Body holds) {
    count++;
    try {
      holds.run();
      System.out.println("ok " + name + ": " + what);
    } catch (Exception | AssertionError error) {
      error.printStackTrace();
      System.out.println("FAILED " + name + ": " + what + ": " + error.toString().replaceAll("\\s+", " "));
    }
  }

  /** Ends the process: threads of the libraries would go on. */
  void end() {
    System.out.println("end " + count);
    System.exit(0);
  }

  static void equal(Object got, Object want) {
    if (!Objects.equals(got, want)) throw new AssertionError(got + ", not " + want);
  }

  static void contains(String text, String part) {
    if (!text.contains(part)) throw new AssertionError("'" + text + "' does not contain '" + part + "'");
  }

  static void eventually(BooleanSupplier condition, Supplier<?> seen) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) throw new AssertionError("still " + seen.get());
      Thread.sleep(20);
    }
  }

  /** Cuts every connection to the server. */
  static void cutConnections() throws Exception {
    var request = HttpRequest.newBuilder(URI.create(System.getenv("DOOR_CONTROL")))
        .POST(HttpRequest.BodyPublishers.noBody()).build();
    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
  }
}
