package io.urteil.run;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A judge of a kind that Urteil does not have itself: whoever adds it names its type, with a dot in
 * it, such as {@code acme.length}.
 *
 * @param type as the run file and the added kind name it
 * @param comparesMembers whether it looks at the members of a group together
 * @param settings a mapping that only the kind itself understands; empty when the file has none
 */
public record CustomJudge(String type, boolean comparesMembers, JsonNode settings)
    implements RunFile.Judge {}
