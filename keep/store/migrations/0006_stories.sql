-- Articles and stories, folded from the records, and the words by which they are found.

-- num orders articles by the time they were published and is the row of the words; mark
-- columns are copied to be asked by, summary is JSON without the text. text_seq is the
-- record that holds the text as it stands now, 0 when there is none or it was erased.
CREATE TABLE articles (
    id        {{BYTES}} NOT NULL PRIMARY KEY,
    num       BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    language  {{BYTES}} NOT NULL,
    publisher {{BYTES}} NOT NULL,
    copies    {{BYTES}} NOT NULL,
    text_hash {{TEXT}} NOT NULL,
    text_seq  BIGINT NOT NULL,
    summary   {{TEXT}} NOT NULL
);

CREATE UNIQUE INDEX articles_num ON articles (num);

CREATE INDEX articles_language ON articles (language, num);

CREATE INDEX articles_publisher ON articles (publisher, num);

CREATE INDEX articles_copies ON articles (copies, num);

-- The records that hold texts. The texts themselves stand there alone.
CREATE TABLE article_texts (
    seq     BIGINT NOT NULL PRIMARY KEY,
    article {{BYTES}} NOT NULL,
    hash    {{TEXT}} NOT NULL
);

CREATE INDEX article_texts_article ON article_texts (article, hash, seq);

CREATE INDEX article_texts_hash ON article_texts (hash);

CREATE TABLE article_versions (
    seq     BIGINT NOT NULL,
    idx     BIGINT NOT NULL,
    article {{BYTES}} NOT NULL,
    number  BIGINT NOT NULL,
    body    {{TEXT}} NOT NULL,
    PRIMARY KEY (seq, idx)
);

CREATE INDEX article_versions_article ON article_versions (article, number, seq);

-- num is the row of the words; merged is the story it was merged into, empty for none.
CREATE TABLE stories (
    id       {{BYTES}} NOT NULL PRIMARY KEY,
    num      BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    told     BIGINT NOT NULL,
    articles BIGINT NOT NULL,
    merged   {{BYTES}} NOT NULL,
    summary  {{TEXT}} NOT NULL
);

CREATE UNIQUE INDEX stories_num ON stories (num);

-- What a list of stories found by a word is ordered and filtered by, so that of thousands
-- only those shown are read.
CREATE INDEX stories_found ON stories (num, told, id, merged, articles);

CREATE INDEX stories_told ON stories (told, id);

-- Who belongs to a story now; num is that of the article.
CREATE TABLE story_articles (
    story   {{BYTES}} NOT NULL,
    article {{BYTES}} NOT NULL,
    num     BIGINT NOT NULL,
    PRIMARY KEY (story, article)
);

CREATE INDEX story_articles_num ON story_articles (story, num);

CREATE INDEX story_articles_article ON story_articles (article, story);

CREATE TABLE story_steps (
    seq   BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    story {{BYTES}} NOT NULL,
    other {{BYTES}} NOT NULL,
    body  {{TEXT}} NOT NULL,
    PRIMARY KEY (seq, idx)
);

CREATE INDEX story_steps_story ON story_steps (story, seq, idx);

CREATE INDEX story_steps_other ON story_steps (other, seq, idx);

CREATE TABLE takedowns (
    seq     BIGINT NOT NULL PRIMARY KEY,
    hash    {{TEXT}} NOT NULL,
    article {{BYTES}} NOT NULL
);

CREATE INDEX takedowns_hash ON takedowns (hash);

CREATE INDEX takedowns_article ON takedowns (article);

-- How the last look at each feed went. Kept for working and not folded from the records: a
-- rebuild leaves it as it is, no digest counts it, and losing it costs one fetch too many.
CREATE TABLE feed_state (
    feed     {{TEXT}} NOT NULL PRIMARY KEY,
    etag     {{BYTES}} NOT NULL,
    modified {{BYTES}} NOT NULL,
    tried    BIGINT NOT NULL,
    fetched  BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    status   BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    problem  {{BYTES}} NOT NULL
);

-- The words of articles and stories. Each engine has its own way; what they hold follows
-- from the tables above, so no digest counts it and a rebuild makes it anew.
{{WORDS article_words}};

{{WORDS story_words}};
