-- What was drafted stays as it was read by the second person, and who did what is never rewritten.

CREATE FUNCTION cases_refuse_other_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'draft % of policy % stays as it is: discard it, and draft another', OLD.id, OLD.version_id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER drafts_say_the_same
    BEFORE UPDATE OF version_id, title, document, effective_from, made_by_id, made_at ON cases_policydraft
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_other_draft();
CREATE TRIGGER drafts_end_once BEFORE UPDATE OF state, published_by_id ON cases_policydraft
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION cases_refuse_other_draft();
CREATE TRIGGER drafts_stay BEFORE DELETE ON cases_policydraft
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER drafts_stay_all BEFORE TRUNCATE ON cases_policydraft
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER draft_changes_stay BEFORE UPDATE OR DELETE ON cases_draftchange
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER draft_changes_stay_all BEFORE TRUNCATE ON cases_draftchange
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
