"""Every question the program asks its database, as methods of one transaction."""

from __future__ import annotations

from monitor.edges.store import activity as _activity
from monitor.edges.store import alerts as _alerts
from monitor.edges.store import batch as _batch
from monitor.edges.store import channels as _channels
from monitor.edges.store import drift as _drift
from monitor.edges.store import facts as _facts
from monitor.edges.store import feeds as _feeds
from monitor.edges.store import follow_ups as _follow_ups
from monitor.edges.store import gathering as _gathering
from monitor.edges.store import health as _health
from monitor.edges.store import identity as _identity
from monitor.edges.store import items as _items
from monitor.edges.store import learning as _learning
from monitor.edges.store import outbox as _outbox
from monitor.edges.store import pages as _pages
from monitor.edges.store import regrouping as _regrouping
from monitor.edges.store import revisions as _revisions
from monitor.edges.store import silences as _silences
from monitor.edges.store import stories as _stories
from monitor.edges.store import texts as _texts
from monitor.edges.store import upkeep as _upkeep
from monitor.edges.store.transaction import Transaction


class Work(Transaction):
    """One transaction. The questions are functions, one module a noun; here they become methods."""

    add_feed = _feeds.add_feed
    remove_feed = _feeds.remove_feed
    feeds = _feeds.feeds
    feed = _feeds.feed
    feed_by_url = _feeds.feed_by_url
    feeds_of = _feeds.feeds_of
    update_feed = _feeds.update_feed
    save_state = _feeds.save_state
    save_states = _feeds.save_states
    marks_of = _feeds.marks_of
    asked_lately = _feeds.asked_lately
    last_successes = _feeds.last_successes
    due_feeds = _feeds.due_feeds
    due_ids = _feeds.due_ids
    sync_pages = _pages.sync_pages
    end_leases = _feeds.end_leases
    feed_numbers = _health.feed_numbers

    save_text = _texts.save_text
    text_of = _texts.text_of
    texts_at = _texts.texts_at

    compare = _identity.compare
    unseen = _identity.unseen
    stored_idents = _identity.stored_idents
    standing = _identity.standing
    save_edit = _revisions.save_edit
    revisions = _revisions.revisions

    save_article = _items.save_article
    save_articles = _batch.save_articles
    save_decisions = _items.save_decisions
    save_all_decisions = _batch.save_all_decisions
    decisions_of = _items.decisions_of
    items = _items.items
    item = _items.item
    reports_of = _items.reports_of
    first_seen = _items.first_seen
    doubtful = _items.doubtful

    story_facts = _facts.story_facts
    facts_of_stories = _facts.facts_of_stories

    theme_counts = _activity.theme_counts
    tellings = _activity.tellings
    watched = _activity.watched
    first_from = _activity.first_from
    queued = _activity.queued

    reached = _stories.reached
    stories_of = _stories.stories_of
    crowd = _stories.crowd
    save_story = _stories.save_story
    story = _stories.story
    stories_since = _stories.stories_since
    stories_between = _stories.stories_between

    replace_story = _regrouping.replace_story
    move_reports = _regrouping.move_reports
    save_part = _regrouping.save_part
    parts_of = _regrouping.parts_of
    last_correction = _regrouping.last_correction
    mark_joined = _regrouping.mark_joined
    joined_into = _regrouping.joined_into
    joined_to = _regrouping.joined_to
    save_retold = _regrouping.save_retold
    save_regrouping = _regrouping.save_regrouping
    regroupings_of = _regrouping.regroupings_of
    regroupings_with = _regrouping.regroupings_with

    save_alert = _alerts.save_alert
    told = _alerts.told
    alerts = _alerts.alerts
    alerts_about = _alerts.alerts_about
    alert = _alerts.alert
    ack = _alerts.ack
    unheard = _alerts.unheard
    escalated = _alerts.escalated

    look_again = _follow_ups.look_again
    follow_ups = _follow_ups.follow_ups
    follow_ups_of = _follow_ups.follow_ups_of
    drop_follow_up = _follow_ups.drop_follow_up

    add_silence = _silences.add_silence
    silences = _silences.silences
    end_silence = _silences.end_silence

    lock_channel = _gathering.lock_channel
    waiting = _gathering.waiting
    tried_since = _gathering.tried_since
    alone_since = _gathering.alone_since
    bundled_since = _gathering.bundled_since
    put_aside = _gathering.put_aside
    release = _gathering.release
    pack = _gathering.pack
    carried = _gathering.carried

    queue = _outbox.queue
    claim = _outbox.claim
    sent = _outbox.sent
    retry = _outbox.retry
    dead = _outbox.dead
    abandon = _outbox.abandon
    replay = _outbox.replay
    replay_delivery = _outbox.replay_delivery
    delivery = _outbox.delivery
    dead_letters = _outbox.dead_letters
    outbox_counts = _outbox.outbox_counts

    opening = _channels.opening
    open_thread = _channels.open_thread
    channel_failed = _channels.channel_failed
    channel_worked = _channels.channel_worked
    outages = _channels.outages
    tell_outage = _channels.tell_outage
    forget_outages = _channels.forget_outages

    has_digest = _upkeep.has_digest
    save_digest = _upkeep.save_digest
    beat = _upkeep.beat
    last_beat = _upkeep.last_beat
    prune = _upkeep.prune

    count_scores = _drift.count_scores
    score_weeks = _drift.score_weeks

    add_feedback = _learning.add_feedback
    feedback = _learning.feedback
    guesses = _learning.guesses
    labelled = _learning.labelled
    entries_titled = _learning.entries_titled
    withdraw_feedback = _learning.withdraw_feedback
    lock_models = _learning.lock_models
    add_model = _learning.add_model
    activate = _learning.activate
    active_version = _learning.active_version
    active_model = _learning.active_model
    models = _learning.models
    forget_models = _learning.forget_models
