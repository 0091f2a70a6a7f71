/*
 * Lucene as a peer: what peers.py does with the other engines.
 *
 * usage: java -cp JAR LucenePeer.java build TERMS DIR
 *        java -cp JAR LucenePeer.java query TERMS DIR
 *
 * TERMS is what tests/bench/terms prints. The same tokens, OR semantics, BM25
 * and the top 10, one thread, memory mapped; the index is merged to one
 * segment, which is its best case. Questions are asked until the virtual
 * machine has compiled what they need, then each counts by its best time.
 * Prints one JSON object.
 */
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;

public class LucenePeer {
	static final String FIELD = "x";
	static final int TOP = 10;
	static final long WARM_NS = 20_000_000_000L;
	static final int PASSES = 5;

	/* The terms of a line "id TAB term term ...". */
	static String termsOf(String line) {
		return line.substring(line.indexOf('\t') + 1).strip();
	}

	static void build(Path terms, Path dir) throws IOException {
		var type = new FieldType();
		type.setTokenized(true);
		type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
		type.freeze();
		/* keys are hexadecimal: the tokenizer parts them at blanks only */
		var config = new IndexWriterConfig(
		    new StandardAnalyzer(CharArraySet.EMPTY_SET));
		config.setRAMBufferSizeMB(200);
		config.setSimilarity(new BM25Similarity());
		try (var writer = new IndexWriter(new MMapDirectory(dir), config);
		     BufferedReader lines = Files.newBufferedReader(terms)) {
			String line;
			while ((line = lines.readLine()) != null) {
				var doc = new Document();
				doc.add(new Field(FIELD, termsOf(line), type));
				writer.addDocument(doc);
			}
			writer.forceMerge(1);
		}
	}

	static List<Query> questions(Path terms) throws IOException {
		List<Query> queries = new ArrayList<>();
		for (String line : Files.readAllLines(terms)) {
			if (termsOf(line).isEmpty())
				continue;
			var builder = new BooleanQuery.Builder();
			var each = Arrays.asList(termsOf(line).split(" "));
			for (String term : new LinkedHashSet<>(each))
				builder.add(new TermQuery(new Term(FIELD, term)),
					    BooleanClause.Occur.SHOULD);
			queries.add(builder.build());
		}
		return queries;
	}

	/* One pass over the questions; the best times are kept. */
	static void pass(IndexSearcher searcher, List<Query> queries, long[] best)
	    throws IOException {
		for (int i = 0; i < best.length; i++) {
			long start = System.nanoTime();
			searcher.search(queries.get(i), TOP);
			best[i] = Math.min(best[i], System.nanoTime() - start);
		}
	}

	static String query(Path terms, Path dir) throws IOException {
		var queries = questions(terms);
		long[] best = new long[queries.size()];
		try (var reader = DirectoryReader.open(new MMapDirectory(dir))) {
			var searcher = new IndexSearcher(reader);
			searcher.setSimilarity(new BM25Similarity());
			searcher.setQueryCache(null);
			long start = System.nanoTime();
			while (System.nanoTime() - start < WARM_NS)
				pass(searcher, queries, best);
			Arrays.fill(best, Long.MAX_VALUE);
			for (int i = 0; i < PASSES; i++)
				pass(searcher, queries, best);
		}
		Arrays.sort(best);
		int n = best.length;
		return String.format(Locale.ROOT,
		    "\"n\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"mean_ms\": %.3f",
		    n, best[n / 2] / 1e6, best[Math.min(n - 1, n * 99 / 100)] / 1e6,
		    Arrays.stream(best).average().orElse(0) / 1e6);
	}

	public static void main(String[] args) throws IOException {
		String rest;
		if (args.length != 3) {
			System.err.println("usage: LucenePeer build|query TERMS DIR");
			System.exit(2);
		}
		Path terms = Path.of(args[1]), dir = Path.of(args[2]);
		if (args[0].equals("build")) {
			build(terms, dir);
			rest = "\"documents\": " + Files.lines(terms).count();
		} else {
			rest = query(terms, dir);
		}
		System.out.printf("{\"engine\": \"lucene\", \"version\": \"%s\", %s}%n",
				  Version.LATEST, rest);
	}
}
