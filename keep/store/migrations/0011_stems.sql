-- Words are kept by their stems from here on. What is there is made anew from the articles
-- and stories.
DROP TABLE article_words;

DROP TABLE story_words;

{{WORDS article_words}};

{{WORDS story_words}};
