-- What a rule says never changes, and what was done with it is never rewritten.

CREATE FUNCTION cases_refuse_other_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rule % never changes: load another one with an id of its own', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER rules_say_the_same BEFORE UPDATE OF id, title, document, made_at ON cases_autorule
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_other_rule();
CREATE TRIGGER rules_stay BEFORE DELETE ON cases_autorule
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rules_stay_all BEFORE TRUNCATE ON cases_autorule
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rule_changes_stay BEFORE UPDATE OR DELETE ON cases_rulechange
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rule_changes_stay_all BEFORE TRUNCATE ON cases_rulechange
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rule_trials_stay BEFORE UPDATE OR DELETE ON cases_ruletrial
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER rule_trials_stay_all BEFORE TRUNCATE ON cases_ruletrial
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
