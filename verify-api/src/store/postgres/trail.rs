//! Searching the audit trail on PostgreSQL.
//!
//! Each search goes along an index from the newest line that may be meant, and stops at the
//! last one that is shown.

use sqlx::{PgPool, Postgres, QueryBuilder};

use crate::audit::Line;
use crate::store::rows::{self, BareLineRow, millis};
use crate::store::{Result, TrailQuery};

/// The lines that were asked for, newest first.
pub(super) async fn find(pool: &PgPool, query: &TrailQuery) -> Result<Vec<Line>> {
    let mut sql = QueryBuilder::new("");
    if query.staff.is_some() {
        // Two walks that each stop: one by "or" would sort all that somebody ever did.
        sql.push("SELECT * FROM ((");
        walk(&mut sql, Some("actor = "), query);
        sql.push(") UNION (");
        walk(&mut sql, Some("subject = "), query);
        sql.push(")) AS found ORDER BY at DESC, seq DESC LIMIT ");
        sql.push_bind(i64::from(query.limit));
    } else {
        walk(&mut sql, None, query);
    }
    let found: Vec<BareLineRow> = sql.build_query_as().fetch_all(pool).await?;
    found.into_iter().map(rows::bare_line).collect()
}

fn walk(sql: &mut QueryBuilder<Postgres>, whose: Option<&str>, query: &TrailQuery) {
    sql.push("SELECT seq, at, event, subject, actor FROM audit WHERE ");
    if let (Some(whose), Some(staff)) = (whose, query.staff) {
        sql.push(whose).push_bind(staff.0.to_vec()).push(" AND ");
    }
    sql.push("at >= ");
    sql.push_bind(query.from.map_or(i64::MIN, millis));
    sql.push(" AND at < ");
    sql.push_bind(query.until.map_or(i64::MAX, millis));
    if let Some(place) = query.after {
        sql.push(" AND (at, seq) < (");
        sql.push_bind(millis(place.at)).push(", ");
        sql.push_bind(place.seq).push(")");
    }
    if let Some(patient) = query.patient {
        sql.push(" AND subject = ANY (ARRAY(SELECT ");
        sql.push_bind(patient.0.to_vec());
        sql.push(" UNION ALL SELECT id FROM accounts WHERE patient_id = ");
        sql.push_bind(patient.0.to_vec()).push("))");
    }
    if let Some(event) = query.event {
        sql.push(" AND event = ");
        sql.push_bind(event.as_str());
    }
    sql.push(query.of_index());
    sql.push(" ORDER BY at DESC, seq DESC LIMIT ");
    sql.push_bind(i64::from(query.limit));
}
